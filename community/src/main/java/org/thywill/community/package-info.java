/**
 * What members may do, as services with rules: one place for each rule, one transaction for each
 * act. Also the demonstration.
 */
@NullMarked
package org.thywill.community;

import org.jspecify.annotations.NullMarked;
