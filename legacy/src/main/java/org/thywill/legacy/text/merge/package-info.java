/** Merges what several files state about one row. */
@NullMarked
package org.thywill.legacy.text.merge;

import org.jspecify.annotations.NullMarked;
