@NullMarked
package org.thywill.community.join;

import org.jspecify.annotations.NullMarked;
