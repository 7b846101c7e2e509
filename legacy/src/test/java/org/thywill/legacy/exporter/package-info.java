@NullMarked
package org.thywill.legacy.exporter;

import org.jspecify.annotations.NullMarked;
