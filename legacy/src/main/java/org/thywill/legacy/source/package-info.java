/** Reads databases of the original table by table, hides secrets, and assigns keys to rows. */
@NullMarked
package org.thywill.legacy.source;

import org.jspecify.annotations.NullMarked;
