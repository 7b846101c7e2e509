@NullMarked
package org.thywill.view.rebuild;

import org.jspecify.annotations.NullMarked;
