/** The checker: finds every damaged byte and every line that does not fit, and changes nothing. */
@NullMarked
package org.thywill.archive.check;

import org.jspecify.annotations.NullMarked;
