/** The community: all services together, and what follows a recovery. */
@NullMarked
package org.thywill.community;

import org.jspecify.annotations.NullMarked;
