/** Generating a prayer beside a request, from templates or by a language model. */
@NullMarked
package org.thywill.community.generate;

import org.jspecify.annotations.NullMarked;
