/** Parity files: Reed-Solomon redundancy from which a sealed month's logs are restored. */
@NullMarked
package org.thywill.archive.parity;

import org.jspecify.annotations.NullMarked;
