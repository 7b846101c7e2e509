package org.thywill.archive;

import java.util.List;
import java.util.Map;

/**
 * What a {@link Checker} found.
 *
 * @param changes good changes, those behind the last checkpoint included
 * @param files that were looked at; after a full check every file of the archive but the lock
 * @param bytes of these files
 * @param findings the first 1,000, errors first, then by file and line; of one code in one file at most 100
 * @param findingsByCode how many there are of each code, all counted
 * @param sound whether none of them is an error
 */
public record CheckReport(long changes, long files, long bytes, List<Finding> findings, Map<String, Long> findingsByCode, boolean sound) {}
