/**
 * The text format: lines, escaping, headers, control files, pages, snapshots, seals. See
 * docs/FORMAT.md.
 */
@NullMarked
package org.thywill.archive.format;

import org.jspecify.annotations.NullMarked;
