@NullMarked
package org.thywill.archive;

import org.jspecify.annotations.NullMarked;
