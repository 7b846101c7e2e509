@NullMarked
package org.thywill.archive.check;

import org.jspecify.annotations.NullMarked;
