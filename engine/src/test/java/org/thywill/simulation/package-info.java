/**
 * Adversaries for tests: a disk that forgets what was not forced, text that breaks careless codecs,
 * seeds that bring a failure back.
 */
@NullMarked
package org.thywill.simulation;

import org.jspecify.annotations.NullMarked;
