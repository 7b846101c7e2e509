/** Requests and responses: access, forms, limits, templates, errors. */
@NullMarked
package org.thywill.web.http;

import org.jspecify.annotations.NullMarked;
