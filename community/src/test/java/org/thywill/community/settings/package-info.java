@NullMarked
package org.thywill.community.settings;

import org.jspecify.annotations.NullMarked;
