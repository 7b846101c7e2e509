/** The original's tables, columns, values and their spelling. */
@NullMarked
package org.thywill.legacy.schema;

import org.jspecify.annotations.NullMarked;
