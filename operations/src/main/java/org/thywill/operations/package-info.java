/** What every operation needs: the folders of a community and the reasons to refuse. */
@NullMarked
package org.thywill.operations;

import org.jspecify.annotations.NullMarked;
