/** The demonstration: an invented community that lives for fourteen months. */
@NullMarked
package org.thywill.community.demo;

import org.jspecify.annotations.NullMarked;
