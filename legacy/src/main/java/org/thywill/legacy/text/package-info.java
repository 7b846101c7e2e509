/** Imports the original's text archives by making a database of them first. See decision 0008. */
@NullMarked
package org.thywill.legacy.text;

import org.jspecify.annotations.NullMarked;
