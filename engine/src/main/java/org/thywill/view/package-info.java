/** The relational view of the archive in SQLite: DDL, applying changes, queries. */
@NullMarked
package org.thywill.view;

import org.jspecify.annotations.NullMarked;
