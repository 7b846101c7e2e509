/** Progress of long operations. */
@NullMarked
package org.thywill.progress;

import org.jspecify.annotations.NullMarked;
