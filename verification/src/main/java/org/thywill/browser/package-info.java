/**
 * A real browser and what people do with it, for the story of a community that is played against
 * the real process.
 */
@org.jspecify.annotations.NullMarked
package org.thywill.browser;
