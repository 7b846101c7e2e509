/** The view of the archive in SQLite: its tables, writing changes, and queries. */
@NullMarked
package org.thywill.view;

import org.jspecify.annotations.NullMarked;
