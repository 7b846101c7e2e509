/** Puts defects into the program and checks that a test catches each. */
@NullMarked
package org.thywill.defects;

import org.jspecify.annotations.NullMarked;
