/**
 * What an operator runs: recovery, digest, comparison, configuration. Knows no http and no command
 * line.
 */
@NullMarked
package org.thywill.operations;

import org.jspecify.annotations.NullMarked;
