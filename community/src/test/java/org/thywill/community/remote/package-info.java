@org.jspecify.annotations.NullMarked
package org.thywill.community.remote;
