/** What all commands use: global options, the terminal, results, exit codes and arguments. */
@NullMarked
package org.thywill.cli.terminal;

import org.jspecify.annotations.NullMarked;
