/** The commands: they parse, call, print and return an exit code. */
@NullMarked
package org.thywill.cli;

import org.jspecify.annotations.NullMarked;
