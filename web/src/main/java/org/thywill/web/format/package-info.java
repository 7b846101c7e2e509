/** How times, sizes, charts and findings look on a page. */
@NullMarked
package org.thywill.web.format;

import org.jspecify.annotations.NullMarked;
