@NullMarked
package org.thywill.cli;

import org.jspecify.annotations.NullMarked;
