package org.thywill.view;

import org.thywill.catalog.Digest;

/**
 * What a view says of itself.
 *
 * @param community the id of the archive from which it was made
 * @param catalog the version of the catalog for which it was made
 * @param seq the last change that it holds
 * @param atMicros the time of that change, in microseconds since 1970
 * @param asOf whether it shows the past, so that nothing may be written to it
 * @param digest of its rows, kept up to date with every change
 * @param requests the sum of its requests ({@link RequestSum}), kept up to date likewise
 */
public record ViewState(
    String community,
    int catalog,
    long seq,
    long atMicros,
    boolean asOf,
    Digest digest,
    long requests) {}
