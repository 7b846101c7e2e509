/** Commands that check, repair, rebuild and compare. */
@NullMarked
package org.thywill.cli.recovery;

import org.jspecify.annotations.NullMarked;
