@NullMarked
package org.thywill.operations.drill;

import org.jspecify.annotations.NullMarked;
