/** Merges what several files say of one thing into rows. */
@NullMarked
package org.thywill.legacy.text.merge;

import org.jspecify.annotations.NullMarked;
