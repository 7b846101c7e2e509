/**
 * The original's text archives, of all its ages: each file is read by the {@link
 * org.thywill.legacy.text.Dialect} that recognises its content, what it states is kept with file
 * and line, and what was stated several times is merged into one row of the original's own tables.
 * From there on a community of texts is taken over like one of a database.
 */
@NullMarked
package org.thywill.legacy.text;

import org.jspecify.annotations.NullMarked;
