@org.jspecify.annotations.NullMarked
package org.thywill.web;
