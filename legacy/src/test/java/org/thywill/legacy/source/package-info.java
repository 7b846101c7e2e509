@NullMarked
package org.thywill.legacy.source;

import org.jspecify.annotations.NullMarked;
