package org.thywill.view;

import org.thywill.catalog.Digest;

/**
 * What a view says of itself.
 *
 * @param community the archive that it was made from
 * @param catalog the version of the catalog that it was made for
 * @param seq the last change that it holds
 * @param at the time of that change, in microseconds since 1970
 * @param asOf whether it was made to look at the past, so that nothing may be written to it
 * @param digest kept up to date with every change
 */
public record ViewState(
    String community, int catalog, long seq, long at, boolean asOf, Digest digest) {}
