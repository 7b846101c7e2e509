/** Commands that run the server, or help who runs it. */
@NullMarked
package org.thywill.cli.serving;

import org.jspecify.annotations.NullMarked;
