package org.thywill.ledger;

/**
 * What a caller gets once its changes are safe.
 *
 * @param first the first seq of the transaction
 * @param last the last seq; one less than {@code first} if nothing was changed
 * @param repeated whether an earlier call had the same idempotency key, so that nothing was done
 *     this time
 */
public record Receipt(long first, long last, boolean repeated) {}
