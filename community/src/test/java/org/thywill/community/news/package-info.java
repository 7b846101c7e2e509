@NullMarked
package org.thywill.community.news;

import org.jspecify.annotations.NullMarked;
