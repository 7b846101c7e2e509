/** Tests of the commands for damage, recovery and repair. */
@NullMarked
package org.thywill.cli.recovery;

import org.jspecify.annotations.NullMarked;
