@NullMarked
package org.thywill.view;

import org.jspecify.annotations.NullMarked;
