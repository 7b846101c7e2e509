@NullMarked
package org.thywill.archive.log;

import org.jspecify.annotations.NullMarked;
