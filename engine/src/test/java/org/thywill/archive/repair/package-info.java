@NullMarked
package org.thywill.archive.repair;

import org.jspecify.annotations.NullMarked;
