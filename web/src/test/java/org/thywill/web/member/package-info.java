@NullMarked
package org.thywill.web.member;

import org.jspecify.annotations.NullMarked;
