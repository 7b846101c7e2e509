/** Test fixtures: a simulated disk that loses unforced bytes, hostile texts, and helpers. */
@NullMarked
package org.thywill.simulation;

import org.jspecify.annotations.NullMarked;
