/** Drills: a recovery into a scratch database, compared with the live one. */
@NullMarked
package org.thywill.operations.drill;

import org.jspecify.annotations.NullMarked;
