/** Reading, writing, sealing and compressing a whole archive. */
@NullMarked
package org.thywill.archive;

import org.jspecify.annotations.NullMarked;
