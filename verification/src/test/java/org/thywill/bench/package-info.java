@NullMarked
package org.thywill.bench;

import org.jspecify.annotations.NullMarked;
