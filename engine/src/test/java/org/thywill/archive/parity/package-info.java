@NullMarked
package org.thywill.archive.parity;

import org.jspecify.annotations.NullMarked;
