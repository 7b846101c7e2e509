/** The recovery report: can this community be rebuilt today, and from where. */
@NullMarked
package org.thywill.operations.report;

import org.jspecify.annotations.NullMarked;
