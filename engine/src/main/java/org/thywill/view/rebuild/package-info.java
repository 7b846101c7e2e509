/** Rebuilds a view from an archive and proves it by its digest. */
@NullMarked
package org.thywill.view.rebuild;

import org.jspecify.annotations.NullMarked;
