/** Writes a whole SQLite file page by page, for a recovery. See decision 0005. */
@NullMarked
package org.thywill.view.btree;

import org.jspecify.annotations.NullMarked;
