package org.thywill.legacy.source;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.HandleNormalizer;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.legacy.schema.KeySet;
import org.thywill.legacy.schema.LegacyColumn;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.schema.ReferenceMapping;
import org.thywill.legacy.schema.SqliteValue;

/**
 * The first look at all sources, before any row goes on: handles for all members, keys for all
 * roles, and which prayers, sign-ins and invites there are, so that every reference can be followed
 * wherever it leads.
 */
public final class SourceIndex {
  private static final Set<Table> REFERRED =
      Set.of(Catalog.PRAYERS, Catalog.AUTH_REQUESTS, Catalog.INVITES);

  private final List<SourceDatabase> sources;
  private final Secrets secrets;
  private final Optional<CommunityRows> existing;
  private final IdMapping twins;
  private final boolean membersHaveIds;
  private final long now;
  private final ReferenceMapping identities = new ReferenceMapping();
  private final Map<SourceDatabase, SourceKeys> keys = new LinkedHashMap<>();
  private final Map<SourceTable, List<RowKeys.Given>> listed = new HashMap<>();
  private final Map<SourceTable, KeySet> held = new HashMap<>();

  private final Map<SqliteValue, List<String>> membersByName = new HashMap<>();
  private final Set<String> handles = new HashSet<>();
  private final Map<SqliteValue, String> rolesById = new HashMap<>();
  private final Set<String> roles = new HashSet<>();

  public SourceIndex(
      List<SourceDatabase> sources,
      Secrets secrets,
      LegacySchema schema,
      Optional<CommunityRows> existing,
      IdMapping twins,
      long now)
      throws IOException {
    this.sources = sources;
    this.secrets = secrets;
    this.existing = existing;
    this.twins = twins;
    this.membersHaveIds = schema.membersHaveIds();
    this.now = now;
    if (existing.isPresent()) {
      meet(existing.get());
    }
    for (SourceDatabase source : sources) {
      keys.put(source, new SourceKeys());
      try {
        for (SourceTable table : source.tables()) {
          look(table);
        }
      } catch (SQLException e) {
        throw source.unreadable(e);
      }
    }
  }

  public ReferenceMapping identities() {
    return identities;
  }

  /** The key of the row that a reference in a source means, or null if it leads nowhere. */
  public @Nullable String find(SourceDatabase source, Table table, SqliteValue reference) {
    String own = known(source).find(table, reference);
    if (own != null) {
      return own;
    }
    for (SourceKeys other : keys.values()) {
      String found = other.find(table, reference);
      if (found != null) {
        return found;
      }
    }
    if (table == Catalog.MEMBERS) {
      List<String> found =
          source.membersHaveIds() ? List.of() : membersByName.getOrDefault(reference, List.of());
      return !found.isEmpty()
          ? found.getFirst()
          : reference.equals(new SqliteValue.Text(LegacyLayout.SYSTEM))
              ? HandleNormalizer.SYSTEM
              : null;
    }
    return table == Catalog.ROLES ? rolesById.get(reference) : existingKey(table, reference);
  }

  /** The keys of a table's rows, in the order in which {@link SourceScan} gives the rows. */
  public RowKeys keys(SourceTable table, LegacyTable legacy) {
    List<RowKeys.Given> list = listed.get(table);
    if (list != null) {
      Iterator<RowKeys.Given> next = list.iterator();
      return (_, _) -> next.next();
    }
    KeyGenerator maker = new KeyGenerator(table, legacy.keyColumn());
    List<KeySet> earlier = earlier(table);
    return (cell, number) -> {
      String key = maker.key(cell, number);
      Optional<String> there = inCommunity(legacy, key);
      return new RowKeys.Given(
          there.orElse(key),
          there.isPresent() || earlier.stream().anyMatch(set -> set.contains(key)));
    };
  }

  /** The key under which the community has a row, which may be one that was made for it. */
  private Optional<String> inCommunity(LegacyTable legacy, String key) {
    try {
      return existing.isEmpty()
          ? Optional.empty()
          : existing.get().find(legacy.ours(), key).isPresent()
              ? Optional.of(key)
              : twins.of(legacy.name(), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SourceKeys known(SourceDatabase source) {
    return keys.computeIfAbsent(source, _ -> new SourceKeys());
  }

  private @Nullable String existingKey(Table table, SqliteValue reference) {
    return reference instanceof SqliteValue.Text(String key)
        ? LegacyLayout.of(table).flatMap(legacy -> inCommunity(legacy, key)).orElse(null)
        : null;
  }

  private List<KeySet> earlier(SourceTable table) {
    return sources.subList(0, sources.indexOf(table.database())).stream()
        .flatMap(source -> source.table(table.lowerName()).stream())
        .flatMap(other -> Optional.ofNullable(held.get(other)).stream())
        .toList();
  }

  private void look(SourceTable table) throws SQLException {
    if (table.legacy().isEmpty()) {
      return;
    }
    LegacyTable legacy = table.legacy().get();
    if (legacy.ours() == Catalog.MEMBERS) {
      listed.put(table, lookAtMembers(table));
    } else if (legacy.ours() == Catalog.ROLES) {
      listed.put(table, lookAtRoles(table));
    } else if (REFERRED.contains(legacy.ours()) || isInLaterSource(table)) {
      lookAtKeys(table, legacy);
    }
  }

  private boolean isInLaterSource(SourceTable table) {
    return sources.subList(sources.indexOf(table.database()) + 1, sources.size()).stream()
        .anyMatch(source -> source.table(table.lowerName()).isPresent());
  }

  private void lookAtKeys(SourceTable table, LegacyTable legacy) throws SQLException {
    KeyGenerator maker = new KeyGenerator(table, legacy.keyColumn());
    KeySet all = new KeySet();
    boolean isShared = isInLaterSource(table);
    try (Names rows = new Names(table, legacy.keyColumn())) {
      while (rows.next()) {
        SqliteValue cell = rows.cell(legacy.keyColumn());
        String own = maker.key(cell, rows.number());
        String key = inCommunity(legacy, own).orElse(own);
        if (REFERRED.contains(legacy.ours())) {
          known(table.database()).add(legacy.ours(), cell, key);
          if (!cell.equals(new SqliteValue.Text(key))) {
            identities.put(legacy.ours(), key, cell);
          }
        }
        if (isShared) {
          all.add(own);
        }
      }
    }
    held.put(table, all);
  }

  private List<RowKeys.Given> lookAtMembers(SourceTable table) throws SQLException {
    List<RowKeys.Given> list = new ArrayList<>();
    Map<SqliteValue, Integer> met = new HashMap<>();
    Map<SqliteValue, List<String>> fresh = new HashMap<>();
    String identity = table.database().membersHaveIds() ? "id" : "display_name";
    try (Names rows = new Names(table, "display_name", "id")) {
      while (rows.next()) {
        SqliteValue name = rows.cell("display_name");
        List<String> known = membersByName.getOrDefault(name, List.of());
        int nth = met.merge(name, 1, Integer::sum);
        boolean isNew = nth > known.size();
        String handle =
            isNew ? HandleNormalizer.derive(readable(name), handles::contains) : known.get(nth - 1);
        if (isNew) {
          handles.add(handle);
          fresh.computeIfAbsent(name, _ -> new ArrayList<>()).add(handle);
          identities.put(
              Catalog.MEMBERS, handle, membersHaveIds ? rows.cellOr("id", handle) : name);
        }
        known(table.database()).add(Catalog.MEMBERS, rows.cell(identity), handle);
        list.add(new RowKeys.Given(handle, !isNew));
      }
    }
    fresh.forEach(
        (name, added) -> membersByName.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(added));
    return list;
  }

  private List<RowKeys.Given> lookAtRoles(SourceTable table) throws SQLException {
    List<RowKeys.Given> list = new ArrayList<>();
    Set<String> fresh = new HashSet<>();
    KeyGenerator maker = new KeyGenerator(table, "name");
    try (Names rows = new Names(table, "name", "id")) {
      while (rows.next()) {
        String name = maker.key(rows.cell("name"), rows.number());
        boolean isNew = !roles.contains(name);
        if (isNew) {
          fresh.add(name);
          identities.put(Catalog.ROLES, name, rows.cellOr("id", ReferenceMapping.roleId(name)));
        }
        known(table.database()).add(Catalog.ROLES, rows.cell("id"), name);
        list.add(new RowKeys.Given(name, !isNew));
      }
    }
    roles.addAll(fresh);
    return list;
  }

  /** Gets to know who is there already, by the names and ids that an export would give them. */
  private void meet(CommunityRows rows) throws IOException {
    LegacyOverrides members = LegacyOverrides.of(rows, LegacyLayout.USER);
    rows.forEach(
        Catalog.MEMBERS,
        member -> {
          String handle = member.key();
          SqliteValue name =
              members.cell(
                  handle,
                  "display_name",
                  new SqliteValue.Text(member.get(Catalog.Members.DISPLAY_NAME).orElse("")));
          handles.add(handle);
          membersByName.computeIfAbsent(name, _ -> new ArrayList<>()).add(handle);
          identities.put(
              Catalog.MEMBERS,
              handle,
              membersHaveIds ? members.cell(handle, "id", new SqliteValue.Text(handle)) : name);
        });
    LegacyOverrides known = LegacyOverrides.of(rows, LegacyLayout.ROLE);
    rows.forEach(
        Catalog.ROLES,
        role -> {
          SqliteValue id =
              known.cell(
                  role.key(),
                  "id",
                  new SqliteValue.Text(
                      role.get(Catalog.Roles.LEGACY_ID)
                          .orElse(ReferenceMapping.roleId(role.key()))));
          roles.add(role.key());
          rolesById.put(id, role.key());
          identities.put(Catalog.ROLES, role.key(), id);
        });
  }

  private static String readable(SqliteValue name) {
    return switch (name) {
      case SqliteValue.Text(String text) -> text;
      default -> new String(name.bytes(), StandardCharsets.UTF_8);
    };
  }

  /** What existing legacy values say of two columns of a small table. */
  private record LegacyOverrides(Map<String, SqliteValue> cells) {
    static LegacyOverrides of(CommunityRows rows, String table) throws IOException {
      Map<String, SqliteValue> cells = new HashMap<>();
      for (Row row : rows.findBy(Catalog.LegacyValues.LEGACY_TABLE, table)) {
        LegacyValue value = LegacyValue.of(row);
        String column = value.column().toLowerCase(Locale.ROOT);
        if (column.equals("id") || column.equals("display_name")) {
          cells.put(column + ":" + value.rowKey(), SqliteValue.parse(value.was()));
        }
      }
      return new LegacyOverrides(cells);
    }

    SqliteValue cell(String key, String column, SqliteValue otherwise) {
      return cells.getOrDefault(column + ":" + key, otherwise);
    }
  }

  /** The columns by which rows are called, without what is secret in them. */
  private final class Names implements AutoCloseable {
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Secrets.Policy> policies = new ArrayList<>();
    private final SourceScan scan;

    Names(SourceTable table, String... wanted) throws SQLException {
      List<String> spelled = new ArrayList<>();
      @Nullable LegacyColumn[] known = table.known();
      for (String name : wanted) {
        int position = table.position(name);
        if (position >= 0) {
          positions.put(name, spelled.size());
          spelled.add(table.shape().columns().get(position).name());
          policies.add(Secrets.policy(table, name, known[position]));
        }
      }
      scan = SourceScan.of(table, spelled, now);
    }

    boolean next() throws SQLException {
      return scan.next();
    }

    long number() {
      return scan.number();
    }

    SqliteValue cell(String name) {
      Integer position = positions.get(name);
      return position == null
          ? SqliteValue.Null.CELL
          : secrets.hide(policies.get(position), scan.cells()[position]);
    }

    SqliteValue cellOr(String name, String otherwise) {
      return positions.containsKey(name) ? cell(name) : new SqliteValue.Text(otherwise);
    }

    @Override
    public void close() throws SQLException {
      scan.close();
    }
  }
}
