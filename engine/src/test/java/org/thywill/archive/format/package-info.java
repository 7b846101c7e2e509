@NullMarked
package org.thywill.archive.format;

import org.jspecify.annotations.NullMarked;
