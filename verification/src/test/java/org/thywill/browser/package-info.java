@org.jspecify.annotations.NullMarked
package org.thywill.browser;
