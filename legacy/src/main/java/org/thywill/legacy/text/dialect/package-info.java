/** One reader for each layout of file that a version of the original wrote. */
@NullMarked
package org.thywill.legacy.text.dialect;

import org.jspecify.annotations.NullMarked;
