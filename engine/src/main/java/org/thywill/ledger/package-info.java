/**
 * The one way to change a row: text first, view second, answer last. Also what happens at start-up,
 * and how a whole history is taken over.
 */
@NullMarked
package org.thywill.ledger;

import org.jspecify.annotations.NullMarked;
