@NullMarked
package org.thywill.browser;

import org.jspecify.annotations.NullMarked;
