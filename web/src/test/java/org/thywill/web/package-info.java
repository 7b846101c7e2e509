@NullMarked
package org.thywill.web;

import org.jspecify.annotations.NullMarked;
