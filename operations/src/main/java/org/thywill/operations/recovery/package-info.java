/** Recovery, repair, comparison and accepted gaps, as the commands run them. */
@NullMarked
package org.thywill.operations.recovery;

import org.jspecify.annotations.NullMarked;
