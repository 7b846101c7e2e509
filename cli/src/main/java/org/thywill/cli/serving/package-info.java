/** Commands that run the server, and commands for its operator. */
@NullMarked
package org.thywill.cli.serving;

import org.jspecify.annotations.NullMarked;
