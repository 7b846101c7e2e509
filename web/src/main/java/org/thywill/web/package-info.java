/** The web server and its table of routes. */
@NullMarked
package org.thywill.web;

import org.jspecify.annotations.NullMarked;
