/** The story of a community, played in a real browser against the real process. */
@org.jspecify.annotations.NullMarked
package org.thywill.browser;
