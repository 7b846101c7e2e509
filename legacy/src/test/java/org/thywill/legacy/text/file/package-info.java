@NullMarked
package org.thywill.legacy.text.file;

import org.jspecify.annotations.NullMarked;
