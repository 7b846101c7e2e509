/** Writes and reads the pages of an SQLite file directly, for rebuilds. See decision 0005. */
@NullMarked
package org.thywill.view.btree;

import org.jspecify.annotations.NullMarked;
