/** Commands that import a community of the Python original, and export one. */
@NullMarked
package org.thywill.cli.legacy;

import org.jspecify.annotations.NullMarked;
