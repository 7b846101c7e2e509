@NullMarked
package org.thywill.web.site;

import org.jspecify.annotations.NullMarked;
