/**
 * Measures the program beside named peers, on an invented community of any size. Not part of the
 * program.
 */
@NullMarked
package org.thywill.bench;

import org.jspecify.annotations.NullMarked;
