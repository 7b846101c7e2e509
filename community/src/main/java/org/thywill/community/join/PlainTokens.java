package org.thywill.community.join;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Values;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InviteLinks;
import org.thywill.community.access.LinkState;
import org.thywill.ledger.Ledger;
import org.thywill.ledger.Transaction;
import org.thywill.view.ViewReader;

/**
 * Replaces tokens that an earlier program kept as they are by their hashes: those of links that can
 * still be used, and the ids of applications, by which the applicants look at them.
 *
 * <p>The links go on working. Older lines of the archive still have the tokens, so a reader of the
 * archive can use such a link until it ends; its maker ends it by making a new one.
 */
public final class PlainTokens {
  private static final String INVITES_OF_THE_ORIGINAL = "invitetoken";

  private final ViewReader view;
  private final Map<String, String> links = new TreeMap<>();
  private final Map<String, String> applications = new TreeMap<>();
  private final List<Reference> references = new ArrayList<>();

  private PlainTokens(ViewReader view) {
    this.view = view;
  }

  /**
   * How many tokens were replaced.
   *
   * @param links that can still be used, and whose tokens are in older lines of the archive
   * @param applications in any state
   */
  public record Replaced(int links, int applications) {}

  /** A row that names a link by its key. */
  private record Reference(Row row, Column<String> column, String link) {}

  /**
   * Replaces all that are left, in one transaction of the program, and writes nothing if there are
   * none. To be called while no one else writes. Where it throws, nothing was changed.
   */
  public static Replaced replace(Ledger ledger) throws IOException {
    PlainTokens found;
    try (ViewReader view = ledger.read()) {
      found = new PlainTokens(view);
      found.findLinks();
      found.findApplications();
      found.findReferences();
    }
    if (!found.links.isEmpty() || !found.applications.isEmpty()) {
      ledger.write(
          Change.Cause.by(HandleNormalizer.SYSTEM)
              .because("tokens of an earlier program are kept as hashes from now on"),
          found::write);
    }
    return new Replaced(found.links.size(), found.applications.size());
  }

  private void findLinks() throws IOException {
    long atMicros = view.state().atMicros();
    view.forEach(
        Catalog.INVITES,
        row -> {
          if (!Ids.isHash(row.key()) && InviteLinks.state(row, atMicros) == LinkState.OPEN) {
            links.put(row.key(), Ids.hash(row.key()));
          }
        });
  }

  /**
   * Finds applications that were made here: imported ids have another form. The invite of one gets
   * the same hash, because its applicant joins by the address that they have.
   */
  private void findApplications() throws IOException {
    view.forEach(
        Catalog.APPLICATIONS,
        row -> {
          if (Ids.isToken(row.key())) {
            String hash = Ids.hash(row.key());
            applications.put(row.key(), hash);
            row.get(Catalog.Applications.INVITE)
                .ifPresent(invite -> links.computeIfPresent(invite, (_, _) -> hash));
          }
        });
  }

  private void findReferences() throws IOException {
    if (links.isEmpty()) {
      return;
    }
    for (Column<String> column :
        List.of(Catalog.Members.INVITE, Catalog.InviteUses.INVITE, Catalog.Applications.INVITE)) {
      view.forEach(Catalog.find(column.table()).orElseThrow(), row -> addReference(row, column));
    }
    view.findBy(Catalog.LegacyValues.LEGACY_TABLE, INVITES_OF_THE_ORIGINAL)
        .forEach(row -> addReference(row, Catalog.LegacyValues.ROW_KEY));
  }

  private void addReference(Row row, Column<String> column) {
    row.get(column)
        .map(links::get)
        .ifPresent(hash -> references.add(new Reference(row, column, hash)));
  }

  private void write(Transaction tx) throws IOException {
    for (Map.Entry<String, String> link : links.entrySet()) {
      Row row = tx.find(Catalog.INVITES, link.getKey()).orElseThrow();
      tx.addImported(row.with(Values.of(Catalog.Invites.TOKEN, link.getValue())));
    }
    for (Reference each : references) {
      tx.change(each.row().table(), each.row().key(), Values.of(each.column(), each.link()));
    }
    for (String link : links.keySet()) {
      tx.remove(Catalog.INVITES, link);
    }
    for (Map.Entry<String, String> application : applications.entrySet()) {
      Row row = tx.find(Catalog.APPLICATIONS, application.getKey()).orElseThrow();
      tx.addImported(row.with(Values.of(Catalog.Applications.ID, application.getValue())));
      tx.remove(Catalog.APPLICATIONS, application.getKey());
    }
  }
}
