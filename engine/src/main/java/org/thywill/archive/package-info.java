/** Reading, writing and checkpointing an archive: the community's memory as text. */
@NullMarked
package org.thywill.archive;

import org.jspecify.annotations.NullMarked;
