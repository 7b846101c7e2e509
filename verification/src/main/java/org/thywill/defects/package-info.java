/**
 * Who tests the tests: known defects, each of which the suite must catch. {@link
 * org.thywill.defects.Defects} lists them.
 */
@org.jspecify.annotations.NullMarked
package org.thywill.defects;
