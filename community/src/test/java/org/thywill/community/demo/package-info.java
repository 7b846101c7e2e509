@NullMarked
package org.thywill.community.demo;

import org.jspecify.annotations.NullMarked;
