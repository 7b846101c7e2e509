package org.thywill.web.http;

import org.jspecify.annotations.Nullable;

/**
 * Where the server listens, and how it is reached.
 *
 * @param port 0 for any free port
 * @param baseUrl by which members reach the server, without a slash at its end; null for the host
 *     name and port of each request
 * @param isBehindProxy whether to trust the proxy's headers: X-Forwarded-For for the client's
 *     address, and X-Forwarded-Proto where there is no base URL
 * @param metricsToken with which a monitoring system may read the metrics; null if none may
 */
public record ServerOptions(
    String host,
    int port,
    @Nullable String baseUrl,
    boolean isBehindProxy,
    @Nullable String metricsToken) {}
