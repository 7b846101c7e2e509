@NullMarked
package org.thywill.community.generate;

import org.jspecify.annotations.NullMarked;
