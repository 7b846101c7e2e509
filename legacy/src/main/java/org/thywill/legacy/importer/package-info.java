/** Imports a database of the original into a new archive. */
@NullMarked
package org.thywill.legacy.importer;

import org.jspecify.annotations.NullMarked;
