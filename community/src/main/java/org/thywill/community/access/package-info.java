/** Who may do what: roles, permissions, deactivation, limits on attempts. */
@NullMarked
package org.thywill.community.access;

import org.jspecify.annotations.NullMarked;
