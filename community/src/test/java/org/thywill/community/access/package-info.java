@NullMarked
package org.thywill.community.access;

import org.jspecify.annotations.NullMarked;
