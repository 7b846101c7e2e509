@NullMarked
package org.thywill.defects;

import org.jspecify.annotations.NullMarked;
