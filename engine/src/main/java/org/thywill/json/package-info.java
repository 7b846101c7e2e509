/** Writing and reading JSON. */
@NullMarked
package org.thywill.json;

import org.jspecify.annotations.NullMarked;
