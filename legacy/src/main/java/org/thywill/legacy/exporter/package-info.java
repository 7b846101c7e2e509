/** Writes a database of the original from the community's rows. */
@NullMarked
package org.thywill.legacy.exporter;

import org.jspecify.annotations.NullMarked;
