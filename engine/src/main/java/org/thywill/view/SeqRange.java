package org.thywill.view;

/** The first and the last seq of a transaction. */
public record SeqRange(long first, long last) {}
