package org.thywill.web;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.time.InstantSource;
import javax.crypto.SecretKey;
import org.thywill.community.Community;
import org.thywill.community.Ids;
import org.thywill.ledger.Ledger;

/**
 * What the pages are made from.
 *
 * @param key that nobody has who has the archive; forms are signed with it
 * @param archive where it is, for the operator's console
 * @param log where problems of the server itself are written, for the operator
 */
public record Site(Ledger ledger, Community community, Ids ids, SecretKey key, InstantSource clock, Path archive, PrintWriter log) {}
