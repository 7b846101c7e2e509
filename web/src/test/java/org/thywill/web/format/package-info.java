@NullMarked
package org.thywill.web.format;

import org.jspecify.annotations.NullMarked;
