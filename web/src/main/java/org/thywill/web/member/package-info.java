/** Pages of members: invites, joining, roles, one's own account. */
@NullMarked
package org.thywill.web.member;

import org.jspecify.annotations.NullMarked;
