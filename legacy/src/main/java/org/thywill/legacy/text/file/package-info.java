/** Text files in folders and ZIP files, with limits. */
@NullMarked
package org.thywill.legacy.text.file;

import org.jspecify.annotations.NullMarked;
