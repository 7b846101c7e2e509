package org.thywill.catalog;

import java.util.Optional;

/**
 * One column of a table.
 *
 * @param name in lower case with underscores; unique within its table
 * @param required whether a living community always fills it; an imported row may still lack it
 * @param references the table whose key this column names, if any
 * @param indexed whether the view keeps an index on it
 * @param description one phrase for FORMAT.md
 */
public record Column(
    String name,
    ColumnType type,
    boolean required,
    Optional<String> references,
    boolean indexed,
    String description) {}
