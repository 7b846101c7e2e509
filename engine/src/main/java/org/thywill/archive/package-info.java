/**
 * The community's memory as text: lines, journal, logs, pages, snapshots, head, and the checker of
 * all of them. Knows neither SQL nor the rules of the community. The format is described in
 * docs/FORMAT.md.
 */
@NullMarked
package org.thywill.archive;

import org.jspecify.annotations.NullMarked;
