/** Measures the program beside named peers. */
@NullMarked
package org.thywill.bench;

import org.jspecify.annotations.NullMarked;
