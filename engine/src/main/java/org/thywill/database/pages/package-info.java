/**
 * Fills the empty tables of a SQLite file by writing its pages, from the leaves of each b-tree
 * upwards: many times faster than one insert after the other. SQLite itself makes the file and its
 * tables, and reads every row back for the digest.
 *
 * <p>What the pages look like is settled by the file format that SQLite publishes and keeps for
 * ever (sqlite.org/fileformat2.html, "B-tree Pages" and "Record Format"); names in this package are
 * its names.
 */
@NullMarked
package org.thywill.database.pages;

import org.jspecify.annotations.NullMarked;
