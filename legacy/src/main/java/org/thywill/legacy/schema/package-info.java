/** The original's tables, columns and values, and how each is translated and spelled. */
@NullMarked
package org.thywill.legacy.schema;

import org.jspecify.annotations.NullMarked;
