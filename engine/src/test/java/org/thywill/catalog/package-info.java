@NullMarked
package org.thywill.catalog;

import org.jspecify.annotations.NullMarked;
