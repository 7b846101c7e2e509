/**
 * From an archive to a view, with proof. Reads no clock and no randomness: the same archive gives
 * the same digest on any machine.
 */
@NullMarked
package org.thywill.rebuild;

import org.jspecify.annotations.NullMarked;
