/** What every command uses: the terminal, its result, exit codes, and arguments. */
@NullMarked
package org.thywill.cli.terminal;

import org.jspecify.annotations.NullMarked;
