/** Promises of the room that takes over the Python original's database and gives it back. */
@NullMarked
package org.thywill.legacy;

import org.jspecify.annotations.NullMarked;
