@NullMarked
package org.thywill.operations.format;

import org.jspecify.annotations.NullMarked;
