@NullMarked
package org.thywill.web.http;

import org.jspecify.annotations.NullMarked;
