/** What all operations share: the folders of a community, and the refusal of an operation. */
@NullMarked
package org.thywill.operations;

import org.jspecify.annotations.NullMarked;
