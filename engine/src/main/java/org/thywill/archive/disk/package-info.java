/** The disk as a small interface, and the only code that touches files of an archive. */
@NullMarked
package org.thywill.archive.disk;

import org.jspecify.annotations.NullMarked;
