/** Pages of signing in and of approving a sign-in. */
@NullMarked
package org.thywill.web.signin;

import org.jspecify.annotations.NullMarked;
