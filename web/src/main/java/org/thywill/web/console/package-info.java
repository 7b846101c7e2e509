/** The operator's console, metrics and scheduled maintenance. */
@NullMarked
package org.thywill.web.console;

import org.jspecify.annotations.NullMarked;
