@NullMarked
package org.thywill.sources;

import org.jspecify.annotations.NullMarked;
