package org.thywill.web.http;

import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.jetty.io.Connection;
import org.jspecify.annotations.Nullable;
import org.thywill.community.access.AttemptLimiter;
import org.thywill.community.access.Device;

/**
 * Limits the open connections per network: an IPv4 address, or 64 bits of an IPv6 address. A
 * connection beyond the limit is closed at once.
 *
 * <p>Not for a server that is reached through a proxy, whose address all connections have.
 */
public final class ConnectionLimit implements Connection.Listener {
  private final int connectionsMax;
  private final Map<String, Integer> openByNetwork = new HashMap<>();

  /** A connection that is closed does not know its address any more. */
  private final Map<Connection, String> networks = new HashMap<>();

  public ConnectionLimit(int connectionsMax) {
    this.connectionsMax = connectionsMax;
  }

  @Override
  public void onOpened(Connection connection) {
    if (count(connection, network(connection)) > connectionsMax) {
      connection.close();
    }
  }

  private synchronized int count(Connection connection, String network) {
    networks.put(connection, network);
    return openByNetwork.merge(network, 1, Integer::sum);
  }

  @Override
  public synchronized void onClosed(Connection connection) {
    @Nullable String network = networks.remove(connection);
    if (network != null && openByNetwork.merge(network, -1, Integer::sum) == 0) {
      openByNetwork.remove(network);
    }
  }

  private static String network(Connection connection) {
    String address =
        connection.getEndPoint().getRemoteSocketAddress() instanceof InetSocketAddress remote
            ? remote.getAddress().getHostAddress()
            : "";
    return AttemptLimiter.source(new Device("", address)).orElse("");
  }
}
