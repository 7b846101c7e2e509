/** Signing in: requests, approvals by peers, sessions, one-time links. */
@NullMarked
package org.thywill.community.signin;

import org.jspecify.annotations.NullMarked;
