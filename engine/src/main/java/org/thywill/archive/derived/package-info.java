/** Files made from the logs: the pages of prayers and the snapshots of current state. */
@NullMarked
package org.thywill.archive.derived;

import org.jspecify.annotations.NullMarked;
