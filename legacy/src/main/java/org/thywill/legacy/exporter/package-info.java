/** Writes a community as a database of the original. */
@NullMarked
package org.thywill.legacy.exporter;

import org.jspecify.annotations.NullMarked;
