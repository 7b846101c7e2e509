/** Reading the journal and the logs, and finding where they end. */
@NullMarked
package org.thywill.archive.log;

import org.jspecify.annotations.NullMarked;
