/**
 * Prayers from language models elsewhere. The only place from which this program calls another one.
 */
@NullMarked
package org.thywill.community.remote;

import org.jspecify.annotations.NullMarked;
