/** What is kept: tables, columns, types, changes and the digest. Knows no files and no SQL. */
@NullMarked
package org.thywill.catalog;

import org.jspecify.annotations.NullMarked;
