/** Real processes on a real file system, to which faults are done. */
@NullMarked
package org.thywill.ledger.realrun;

import org.jspecify.annotations.NullMarked;
