/** Commands that take over a community of the Python original, or give it back. */
@NullMarked
package org.thywill.cli.legacy;

import org.jspecify.annotations.NullMarked;
