/** Imports a community of the Python original, and exports one as a database of the original. */
@NullMarked
package org.thywill.legacy;

import org.jspecify.annotations.NullMarked;
