/** The text format of an archive's files, as docs/FORMAT.md describes it. */
@NullMarked
package org.thywill.archive.format;

import org.jspecify.annotations.NullMarked;
