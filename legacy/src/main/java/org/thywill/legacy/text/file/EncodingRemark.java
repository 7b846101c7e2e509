package org.thywill.legacy.text.file;

/**
 * A line that is not in UTF-8, and how it was read.
 *
 * @param line counted from 1
 * @param code of the finding
 * @param message one sentence, without the content of the line
 */
public record EncodingRemark(long line, String code, String message) {}
