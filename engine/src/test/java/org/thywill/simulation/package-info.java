/** Test fixtures: a simulated disk that loses what was not forced, and hostile text. */
@NullMarked
package org.thywill.simulation;

import org.jspecify.annotations.NullMarked;
