@NullMarked
package org.thywill.ledger;

import org.jspecify.annotations.NullMarked;
