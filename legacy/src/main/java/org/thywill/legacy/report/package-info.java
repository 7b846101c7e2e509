/** The report of an import as a page for people. */
@NullMarked
package org.thywill.legacy.report;

import org.jspecify.annotations.NullMarked;
