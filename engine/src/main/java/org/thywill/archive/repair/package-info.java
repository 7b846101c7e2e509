/** Restoring damaged files, exactly or not at all, from the other copies in the archive. */
@NullMarked
package org.thywill.archive.repair;

import org.jspecify.annotations.NullMarked;
