/**
 * The seam between the archive and a file system. All code that touches the files of an archive
 * goes through {@link Disk}.
 */
@NullMarked
package org.thywill.archive.disk;

import org.jspecify.annotations.NullMarked;
