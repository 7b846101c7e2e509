@NullMarked
package org.thywill.legacy;

import org.jspecify.annotations.NullMarked;
