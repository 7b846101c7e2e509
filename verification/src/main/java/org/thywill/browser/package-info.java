/** Drives a real browser through a scenario of a community. */
@NullMarked
package org.thywill.browser;

import org.jspecify.annotations.NullMarked;
