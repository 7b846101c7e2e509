/** The report of an import as an HTML page. */
@NullMarked
package org.thywill.legacy.report;

import org.jspecify.annotations.NullMarked;
