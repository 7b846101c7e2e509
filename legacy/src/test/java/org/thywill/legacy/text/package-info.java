/** Promises of how text archives of the original are read. */
@NullMarked
package org.thywill.legacy.text;

import org.jspecify.annotations.NullMarked;
