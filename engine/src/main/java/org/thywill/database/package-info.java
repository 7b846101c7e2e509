/**
 * The view: the relational copy of a community that serves queries. DDL and statements follow from
 * the catalog; every row knows the seq of the change that made it. Knows nothing of the archive's
 * files.
 */
@NullMarked
package org.thywill.database;

import org.jspecify.annotations.NullMarked;
