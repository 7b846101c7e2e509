@NullMarked
package org.thywill.community;

import org.jspecify.annotations.NullMarked;
