/** Members: names, badges, supporters, and the download of one's own data. */
@NullMarked
package org.thywill.community.member;

import org.jspecify.annotations.NullMarked;
