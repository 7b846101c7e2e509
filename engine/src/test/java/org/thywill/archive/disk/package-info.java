@NullMarked
package org.thywill.archive.disk;

import org.jspecify.annotations.NullMarked;
