/** Reads the original's text archives into a database, which is then imported: decision 0008. */
@NullMarked
package org.thywill.legacy.text;

import org.jspecify.annotations.NullMarked;
