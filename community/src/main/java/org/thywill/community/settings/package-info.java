/** Settings and features as members and admins see them. */
@NullMarked
package org.thywill.community.settings;

import org.jspecify.annotations.NullMarked;
