@NullMarked
package org.thywill.web.console;

import org.jspecify.annotations.NullMarked;
