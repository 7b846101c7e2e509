/** Drives a real browser through the story of a community. */
@NullMarked
package org.thywill.browser;

import org.jspecify.annotations.NullMarked;
