/** How far long work has come. */
@NullMarked
package org.thywill.progress;

import org.jspecify.annotations.NullMarked;
