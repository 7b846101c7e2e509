/** How numbers, sizes, times and charts look wherever people read them. */
@NullMarked
package org.thywill.operations.format;

import org.jspecify.annotations.NullMarked;
