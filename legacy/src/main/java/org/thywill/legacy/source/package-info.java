/** Reads the original's database, table by table, and gives its rows keys. */
@NullMarked
package org.thywill.legacy.source;

import org.jspecify.annotations.NullMarked;
