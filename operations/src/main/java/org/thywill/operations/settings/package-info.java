/** Settings: which ones exist, which are in force, and their archived copy. */
@NullMarked
package org.thywill.operations.settings;

import org.jspecify.annotations.NullMarked;
