/** Pages of the site: home, settings, statistics, announcements, donations. */
@NullMarked
package org.thywill.web.site;

import org.jspecify.annotations.NullMarked;
