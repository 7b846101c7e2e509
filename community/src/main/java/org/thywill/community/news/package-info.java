/** Announcements of what is new in the program. */
@NullMarked
package org.thywill.community.news;

import org.jspecify.annotations.NullMarked;
