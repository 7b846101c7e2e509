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
import org.thywill.legacy.schema.LegacyException;
import org.thywill.legacy.schema.LegacyLayout;
import org.thywill.legacy.schema.LegacySchema;
import org.thywill.legacy.schema.LegacyTable;
import org.thywill.legacy.schema.LegacyValue;
import org.thywill.legacy.schema.ReferenceMapping;
import org.thywill.legacy.schema.SqliteValue;

/**
 * An index of all sources, made before any row is imported.
 *
 * <p>It assigns handles to all members and keys to all roles, and lists the prayers, sign-ins and
 * invites, so that a reference finds its row in whichever source that is.
 */
public final class SourceIndex {
  private static final Set<Table> REFERRED =
      Set.of(Catalog.PRAYERS, Catalog.AUTH_REQUESTS, Catalog.INVITES);

  private final List<SourceDatabase> sources;
  private final Secrets secrets;
  private final @Nullable CommunityRows existing;
  private final IdMapping idMapping;
  private final boolean membersHaveIds;
  private final long nowMicros;
  private final ReferenceMapping references = new ReferenceMapping();
  private final Map<SourceDatabase, SourceKeys> keys = new LinkedHashMap<>();
  private final Map<SourceTable, List<RowKeys.Key>> assignedKeys = new HashMap<>();
  private final Map<SourceTable, KeySet> keysByTable = new HashMap<>();

  private final Map<SqliteValue, List<String>> membersByName = new HashMap<>();
  private final Set<String> handles = new HashSet<>();
  private final Map<SqliteValue, String> rolesById = new HashMap<>();
  private final Set<String> roles = new HashSet<>();

  /**
   * Reads all sources.
   *
   * @param existing the community that is added to, or null
   * @throws LegacyException if a source cannot be read
   */
  public SourceIndex(
      List<SourceDatabase> sources,
      Secrets secrets,
      LegacySchema schema,
      @Nullable CommunityRows existing,
      IdMapping idMapping,
      long nowMicros)
      throws IOException {
    this.sources = sources;
    this.secrets = secrets;
    this.existing = existing;
    this.idMapping = idMapping;
    this.membersHaveIds = schema.membersHaveIds();
    this.nowMicros = nowMicros;
    if (existing != null) {
      addCommunity(existing);
    }
    for (SourceDatabase source : sources) {
      keys.put(source, new SourceKeys());
      try {
        for (SourceTable table : source.tables()) {
          addTable(table);
        }
      } catch (SQLException e) {
        throw source.unreadable(e);
      }
    }
  }

  /** How the original refers to the rows of a community. */
  public ReferenceMapping references() {
    return references;
  }

  /** Our key of the row that a reference in a source means, or null if there is no such row. */
  public @Nullable String find(SourceDatabase source, Table table, SqliteValue reference) {
    String own = keysOf(source).find(table, reference);
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
      return findMember(source, reference);
    }
    return table == Catalog.ROLES ? rolesById.get(reference) : existingKey(table, reference);
  }

  private @Nullable String findMember(SourceDatabase source, SqliteValue reference) {
    List<String> found =
        source.membersHaveIds() ? List.of() : membersByName.getOrDefault(reference, List.of());
    if (!found.isEmpty()) {
      return found.getFirst();
    }
    boolean isSystem = reference.equals(new SqliteValue.Text(LegacyLayout.SYSTEM));
    return isSystem ? HandleNormalizer.SYSTEM : null;
  }

  /** Our keys for the rows of a table, in the order in which {@link SourceScan} reads the rows. */
  public RowKeys keys(SourceTable table, LegacyTable legacy) {
    List<RowKeys.Key> list = assignedKeys.get(table);
    if (list != null) {
      Iterator<RowKeys.Key> next = list.iterator();
      return (_, _) -> next.next();
    }
    KeyGenerator maker = new KeyGenerator(table, legacy.keyColumn());
    List<KeySet> earlier = earlier(table);
    return (cell, rowNumber) -> {
      String key = maker.key(cell, rowNumber);
      Optional<String> existingKey = inCommunity(legacy, key);
      return new RowKeys.Key(
          existingKey.orElse(key),
          existingKey.isPresent() || earlier.stream().anyMatch(set -> set.contains(key)));
    };
  }

  /** The key under which the community has a row: its own, or one that an earlier import made. */
  private Optional<String> inCommunity(LegacyTable legacy, String key) {
    try {
      if (existing == null) {
        return Optional.empty();
      }
      return existing.find(legacy.ours(), key).isPresent()
          ? Optional.of(key)
          : idMapping.of(legacy.name(), key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private SourceKeys keysOf(SourceDatabase source) {
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
        .flatMap(other -> Optional.ofNullable(keysByTable.get(other)).stream())
        .toList();
  }

  private void addTable(SourceTable table) throws SQLException {
    LegacyTable legacy = table.original();
    if (legacy == null) {
      return;
    }
    if (legacy.ours() == Catalog.MEMBERS) {
      assignedKeys.put(table, indexMembers(table));
    } else if (legacy.ours() == Catalog.ROLES) {
      assignedKeys.put(table, indexRoles(table));
    } else if (REFERRED.contains(legacy.ours()) || isInLaterSource(table)) {
      indexKeys(table, legacy);
    }
  }

  private boolean isInLaterSource(SourceTable table) {
    return sources.subList(sources.indexOf(table.database()) + 1, sources.size()).stream()
        .anyMatch(source -> source.table(table.lowerName()).isPresent());
  }

  private void indexKeys(SourceTable table, LegacyTable legacy) throws SQLException {
    KeyGenerator maker = new KeyGenerator(table, legacy.keyColumn());
    KeySet all = new KeySet();
    boolean isShared = isInLaterSource(table);
    try (IdentityColumns rows = new IdentityColumns(table, legacy.keyColumn())) {
      while (rows.next()) {
        SqliteValue cell = rows.cell(legacy.keyColumn());
        String own = maker.key(cell, rows.rowNumber());
        String key = inCommunity(legacy, own).orElse(own);
        if (REFERRED.contains(legacy.ours())) {
          keysOf(table.database()).add(legacy.ours(), cell, key);
          if (!cell.equals(new SqliteValue.Text(key))) {
            references.put(legacy.ours(), key, cell);
          }
        }
        if (isShared) {
          all.add(own);
        }
      }
    }
    keysByTable.put(table, all);
  }

  private List<RowKeys.Key> indexMembers(SourceTable table) throws SQLException {
    List<RowKeys.Key> list = new ArrayList<>();
    Map<SqliteValue, Integer> occurrences = new HashMap<>();
    Map<SqliteValue, List<String>> added = new HashMap<>();
    String identity = table.database().membersHaveIds() ? "id" : "display_name";
    try (IdentityColumns rows = new IdentityColumns(table, "display_name", "id")) {
      while (rows.next()) {
        SqliteValue name = rows.cell("display_name");
        List<String> handlesOfName = membersByName.getOrDefault(name, List.of());
        int occurrence = occurrences.merge(name, 1, Integer::sum);
        boolean isNew = occurrence > handlesOfName.size();
        String handle =
            isNew
                ? HandleNormalizer.derive(asText(name), handles::contains)
                : handlesOfName.get(occurrence - 1);
        if (isNew) {
          handles.add(handle);
          added.computeIfAbsent(name, _ -> new ArrayList<>()).add(handle);
          references.put(
              Catalog.MEMBERS, handle, membersHaveIds ? rows.cellOr("id", handle) : name);
        }
        keysOf(table.database()).add(Catalog.MEMBERS, rows.cell(identity), handle);
        list.add(new RowKeys.Key(handle, !isNew));
      }
    }
    added.forEach(
        (name, more) -> membersByName.computeIfAbsent(name, _ -> new ArrayList<>()).addAll(more));
    return list;
  }

  private List<RowKeys.Key> indexRoles(SourceTable table) throws SQLException {
    List<RowKeys.Key> list = new ArrayList<>();
    Set<String> added = new HashSet<>();
    KeyGenerator maker = new KeyGenerator(table, "name");
    try (IdentityColumns rows = new IdentityColumns(table, "name", "id")) {
      while (rows.next()) {
        String name = maker.key(rows.cell("name"), rows.rowNumber());
        boolean isNew = !roles.contains(name);
        if (isNew) {
          added.add(name);
          references.put(Catalog.ROLES, name, rows.cellOr("id", ReferenceMapping.roleId(name)));
        }
        keysOf(table.database()).add(Catalog.ROLES, rows.cell("id"), name);
        list.add(new RowKeys.Key(name, !isNew));
      }
    }
    roles.addAll(added);
    return list;
  }

  /** Adds the members and roles of a community, by the names and ids that an export would write. */
  private void addCommunity(CommunityRows rows) throws IOException {
    LegacyOverrides memberOverrides = LegacyOverrides.of(rows, LegacyLayout.USER);
    rows.forEach(
        Catalog.MEMBERS,
        member -> {
          String handle = member.key();
          SqliteValue name =
              memberOverrides.cell(
                  handle,
                  "display_name",
                  new SqliteValue.Text(member.get(Catalog.Members.DISPLAY_NAME).orElse("")));
          handles.add(handle);
          membersByName.computeIfAbsent(name, _ -> new ArrayList<>()).add(handle);
          references.put(
              Catalog.MEMBERS,
              handle,
              membersHaveIds
                  ? memberOverrides.cell(handle, "id", new SqliteValue.Text(handle))
                  : name);
        });
    LegacyOverrides roleOverrides = LegacyOverrides.of(rows, LegacyLayout.ROLE);
    rows.forEach(
        Catalog.ROLES,
        role -> {
          SqliteValue id =
              roleOverrides.cell(
                  role.key(),
                  "id",
                  new SqliteValue.Text(
                      role.get(Catalog.Roles.LEGACY_ID)
                          .orElse(ReferenceMapping.roleId(role.key()))));
          roles.add(role.key());
          rolesById.put(id, role.key());
          references.put(Catalog.ROLES, role.key(), id);
        });
  }

  private static String asText(SqliteValue name) {
    return switch (name) {
      case SqliteValue.Text(String text) -> text;
      default -> new String(name.bytes(), StandardCharsets.UTF_8);
    };
  }

  /** The legacy values of two columns of a small table. */
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

  /** Reads the columns that identify rows, without their secrets. */
  private final class IdentityColumns implements AutoCloseable {
    private final Map<String, Integer> positions = new HashMap<>();
    private final List<Secrets.Policy> policies = new ArrayList<>();
    private final SourceScan scan;

    IdentityColumns(SourceTable table, String... wanted) throws SQLException {
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
      scan = SourceScan.of(table, spelled, nowMicros);
    }

    boolean next() throws SQLException {
      return scan.next();
    }

    long rowNumber() {
      return scan.rowNumber();
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
