@NullMarked
package org.thywill.operations.report;

import org.jspecify.annotations.NullMarked;
