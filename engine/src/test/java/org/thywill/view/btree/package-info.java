@NullMarked
package org.thywill.view.btree;

import org.jspecify.annotations.NullMarked;
