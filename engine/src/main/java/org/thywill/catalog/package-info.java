/**
 * What a community keeps: tables, columns, references, recovery groups and the wording of all of
 * them. Knows neither files nor SQL.
 */
@NullMarked
package org.thywill.catalog;

import org.jspecify.annotations.NullMarked;
