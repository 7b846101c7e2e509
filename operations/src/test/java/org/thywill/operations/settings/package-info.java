@NullMarked
package org.thywill.operations.settings;

import org.jspecify.annotations.NullMarked;
