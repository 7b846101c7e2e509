/**
 * The pages of the community: {@link org.thywill.web.Routes} says what there is, and who may; each
 * feature is a class with its handlers.
 */
@NullMarked
package org.thywill.web;

import org.jspecify.annotations.NullMarked;
