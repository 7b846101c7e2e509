@NullMarked
package org.thywill.operations;

import org.jspecify.annotations.NullMarked;
