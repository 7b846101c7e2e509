@NullMarked
package org.thywill.archive.derived;

import org.jspecify.annotations.NullMarked;
