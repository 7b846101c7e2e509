@NullMarked
package org.thywill.community.signin;

import org.jspecify.annotations.NullMarked;
