@NullMarked
package org.thywill.database;

import org.jspecify.annotations.NullMarked;
