/**
 * The command line: parse, call, print, return an exit code. The contract is what scripts rely on.
 */
@NullMarked
package org.thywill.cli;

import org.jspecify.annotations.NullMarked;
