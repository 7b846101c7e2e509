@NullMarked
package org.thywill.rebuild;

import org.jspecify.annotations.NullMarked;
