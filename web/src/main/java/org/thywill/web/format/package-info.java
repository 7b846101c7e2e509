/** How activities, findings and QR codes look on a page. */
@NullMarked
package org.thywill.web.format;

import org.jspecify.annotations.NullMarked;
