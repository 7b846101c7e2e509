@NullMarked
package org.thywill.operations.recovery;

import org.jspecify.annotations.NullMarked;
