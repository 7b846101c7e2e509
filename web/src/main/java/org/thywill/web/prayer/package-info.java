/** Pages of prayers: feeds, asking, praying, moderation. */
@NullMarked
package org.thywill.web.prayer;

import org.jspecify.annotations.NullMarked;
