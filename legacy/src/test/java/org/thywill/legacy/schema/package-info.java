@NullMarked
package org.thywill.legacy.schema;

import org.jspecify.annotations.NullMarked;
