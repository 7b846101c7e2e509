/** Requests, prayers, feeds, moderation and statistics. */
@NullMarked
package org.thywill.community.prayer;

import org.jspecify.annotations.NullMarked;
