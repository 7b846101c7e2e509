/** The only way to change a row: the archive first, the view second, then the answer. */
@NullMarked
package org.thywill.ledger;

import org.jspecify.annotations.NullMarked;
