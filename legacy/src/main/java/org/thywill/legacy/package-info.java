/**
 * The Python original's database, in and out: every row and every value of it, to the byte, except
 * what could sign somebody in.
 */
@NullMarked
package org.thywill.legacy;

import org.jspecify.annotations.NullMarked;
