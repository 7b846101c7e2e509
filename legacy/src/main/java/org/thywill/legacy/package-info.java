/** Taking over a community of the Python original, and giving it back. */
@NullMarked
package org.thywill.legacy;

import org.jspecify.annotations.NullMarked;
