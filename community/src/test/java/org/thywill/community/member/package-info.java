@NullMarked
package org.thywill.community.member;

import org.jspecify.annotations.NullMarked;
