package org.thywill.archive.check;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.ArchiveWriter;
import org.thywill.archive.BulkArchiveWriter;
import org.thywill.archive.derived.PageLocator;
import org.thywill.archive.disk.Disk;
import org.thywill.archive.format.ArchiveIdentity;
import org.thywill.archive.format.Finding;
import org.thywill.archive.format.JournalFile;
import org.thywill.archive.format.LineCodec;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Digest;
import org.thywill.catalog.Operation;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Timestamps;
import org.thywill.progress.ProgressListener;
import org.thywill.simulation.FileDamage;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.SimulatedDisk;

/** Writes the changes of a random community to an archive, and remembers its present rows. */
public final class ArchiveFixture {
  private static final long HOUR = 3_600_000_000L;
  private static final ArchiveIdentity IDENTITY =
      new ArchiveIdentity("c0ffee", micros("2023-11-20T10:00:00Z"));

  private final RandomGenerator random;
  private final HostileRows hostile;
  private final HostileText texts;
  private final Map<Table, LinkedHashMap<String, Row>> present = new LinkedHashMap<>();
  private final Digest.Running digest = new Digest.Running();
  private final SimulatedDisk disk;
  private final ArchiveIdentity identity;
  private long at = IDENTITY.createdAt();
  private int keys;

  public ArchiveFixture(SimulatedDisk disk, RandomGenerator random) {
    this(disk, IDENTITY, random);
  }

  /** The fixture of a community of its own. */
  public ArchiveFixture(SimulatedDisk disk, ArchiveIdentity identity, RandomGenerator random) {
    this.disk = disk;
    this.identity = identity;
    this.random = random;
    this.hostile = new HostileRows(random);
    this.texts = new HostileText(random);
    Catalog.TABLES.forEach(table -> present.put(table, new LinkedHashMap<>()));
  }

  public static long micros(String instant) {
    return Timestamps.micros(Instant.parse(instant));
  }

  /**
   * A community of some months with rows of all tables and hostile texts. The checkpoint covers all
   * changes.
   */
  public static SimulatedDisk rich(RandomGenerator random) throws IOException {
    return rich(IDENTITY.community(), random);
  }

  /** Such a community, with an id of its own. */
  public static SimulatedDisk rich(String community, RandomGenerator random) throws IOException {
    ArchiveFixture fixture =
        new ArchiveFixture(
            new SimulatedDisk(), new ArchiveIdentity(community, IDENTITY.createdAt()), random);
    fixture.history(60, 30);
    try (ArchiveWriter writer = fixture.open()) {
      for (int i = 0; i < 6; i++) {
        fixture.live(writer, 12, 40);
        fixture.checkpoint(writer);
      }
    }
    return fixture.disk;
  }

  /** A minimal archive that has a file of each kind. */
  public static SimulatedDisk tiny() throws IOException {
    ArchiveFixture fixture = new ArchiveFixture(new SimulatedDisk(), RandomGenerator.getDefault());
    try (BulkArchiveWriter writer = new BulkArchiveWriter(fixture.disk, IDENTITY)) {
      List<Row> rows =
          List.of(
              Row.in(Catalog.MEMBERS)
                  .set(Catalog.Members.HANDLE, "mary")
                  .set(Catalog.Members.DISPLAY_NAME, "Mary | Ann\n=")
                  .set(Catalog.Members.INVITED_BY, "system")
                  .set(Catalog.Members.CREATED_AT, fixture.at)
                  .set(Catalog.Members.WELCOME_DISMISSED, false)
                  .set(Catalog.Members.IS_SUPPORTER, false)
                  .build(),
              Row.in(Catalog.PRAYERS)
                  .set(Catalog.Prayers.ID, "p1")
                  .set(Catalog.Prayers.AUTHOR, "mary")
                  .set(Catalog.Prayers.CREATED_AT, fixture.at)
                  .set(Catalog.Prayers.TEXT, "Für Tom\u2028🙏")
                  .set(Catalog.Prayers.MODERATION, "open")
                  .set(Catalog.Prayers.VISIBILITY, "members")
                  .build(),
              Row.in(Catalog.FEATURE_FLAGS)
                  .set(Catalog.FeatureFlags.NAME, "n")
                  .set(Catalog.FeatureFlags.ENABLED, true)
                  .build());
      writer.add(rows, fixture.at, Change.Cause.by("system"));
      rows.forEach(fixture::remember);
      writer.finish();
    }
    try (ArchiveWriter writer = fixture.open()) {
      fixture.at += HOUR;
      Row mark =
          Row.in(Catalog.MARKS)
              .set(Catalog.Marks.ID, "m")
              .set(Catalog.Marks.PRAYER, "p1")
              .set(Catalog.Marks.MEMBER, "mary")
              .set(Catalog.Marks.CREATED_AT, fixture.at)
              .build();
      Row flag =
          Row.in(Catalog.FEATURE_FLAGS)
              .set(Catalog.FeatureFlags.NAME, "n")
              .set(Catalog.FeatureFlags.ENABLED, false)
              .build();
      fixture.apply(
          writer, List.of(Map.entry(Operation.ADDED, mark), Map.entry(Operation.CHANGED, flag)));
      fixture.checkpoint(writer);
      fixture.at = micros("2023-12-01T00:00:00Z");
      fixture.add(
          writer,
          Row.in(Catalog.OPERATIONS)
              .set(Catalog.Operations.ID, "d")
              .set(Catalog.Operations.KIND, "drill")
              .set(Catalog.Operations.OUTCOME, "equal")
              .build());
      fixture.checkpoint(writer);
    }
    return fixture.disk;
  }

  /** The same archive with its last month sealed too. */
  static SimulatedDisk sealed(SimulatedDisk disk) throws IOException {
    try (ArchiveWriter writer = ArchiveWriter.open(disk, 0)) {
      writer.beginMonthEnd(Digest.empty()).run(PageLocator.UNKNOWN);
    }
    return disk;
  }

  /** Adds a history in transactions of some rows. */
  public void history(int transactions, int hours) throws IOException {
    try (BulkArchiveWriter writer = new BulkArchiveWriter(disk, identity)) {
      for (int i = 0; i < transactions; i++) {
        at += random.nextLong(hours * HOUR);
        List<Row> rows = new ArrayList<>();
        for (int n = 1 + random.nextInt(5); n > 0; n--) {
          Row row =
              newRow(
                  i < Catalog.TABLES.size()
                      ? Catalog.TABLES.get(i)
                      : Catalog.TABLES.get(random.nextInt(Catalog.TABLES.size())));
          rows.add(row);
          remember(row);
        }
        writer.add(rows, at, Change.Cause.by(texts.next()).from(texts.next()));
      }
      writer.finish();
    }
  }

  public SimulatedDisk disk() {
    return disk;
  }

  void add(ArchiveWriter writer, Row row) throws IOException {
    remember(row);
    append(writer, List.of(Map.entry(Operation.ADDED, row)), Change.Cause.by("mary"));
  }

  void remove(ArchiveWriter writer, Table table, String key) throws IOException {
    Row row = Objects.requireNonNull(rows(table).remove(key));
    digest.remove(row);
    append(writer, List.of(Map.entry(Operation.REMOVED, row)), Change.Cause.by("mary"));
  }

  /** Makes later changes happen at a time or after it. */
  void waitUntil(long micros) {
    at = Math.max(at, micros);
  }

  /** Makes the given changes in one transaction. */
  void apply(ArchiveWriter writer, List<Map.Entry<Operation, Row>> changes) throws IOException {
    for (Map.Entry<Operation, Row> change : changes) {
      Row before = rows(change.getValue().table()).remove(change.getValue().key());
      if (before != null) {
        digest.remove(before);
      }
      if (change.getKey() != Operation.REMOVED) {
        remember(change.getValue());
      }
    }
    append(writer, changes, Change.Cause.by("mary"));
  }

  public ArchiveWriter open() throws IOException {
    return ArchiveWriter.open(disk, 0);
  }

  /** Adds, changes and removes rows in some transactions. */
  public void live(ArchiveWriter writer, int transactions, int hours) throws IOException {
    for (int i = 0; i < transactions; i++) {
      at += random.nextLong(hours * HOUR);
      List<Map.Entry<Operation, Row>> changes = new ArrayList<>();
      for (int n = 1 + random.nextInt(4); n > 0; n--) {
        changes.add(change());
      }
      append(
          writer,
          changes,
          Change.Cause.by(texts.next()).because(texts.next()).withIdempotencyKey("r" + at));
    }
  }

  public void checkpoint(ArchiveWriter writer) throws IOException {
    writer.checkpoint(digest.digest(), PageLocator.UNKNOWN);
  }

  private Map.Entry<Operation, Row> change() {
    Table table = Catalog.TABLES.get(random.nextInt(Catalog.TABLES.size()));
    Map<String, Row> rows = rows(table);
    if (rows.isEmpty() || random.nextBoolean()) {
      Row row = newRow(table);
      remember(row);
      return Map.entry(Operation.ADDED, row);
    }
    String key = pick(rows);
    if (random.nextInt(3) == 0 && !isReferredTo(table)) {
      Row gone = Objects.requireNonNull(rows.remove(key));
      digest.remove(gone);
      return Map.entry(Operation.REMOVED, gone);
    }
    Row now = row(table, key);
    digest.remove(Objects.requireNonNull(rows.get(key)));
    remember(now);
    return Map.entry(Operation.CHANGED, now);
  }

  /** Makes changes safe in the journal, as one transaction. */
  void append(ArchiveWriter writer, List<Map.Entry<Operation, Row>> changes, Change.Cause cause)
      throws IOException {
    long first = writer.lastSeq() + 1;
    Change.TransactionInfo stamp =
        new Change.TransactionInfo(first, first + changes.size() - 1, writer.lastSeq(), at, cause);
    List<Change> stamped = new ArrayList<>();
    for (Map.Entry<Operation, Row> change : changes) {
      stamped.add(new Change(change.getKey(), change.getValue(), first + stamped.size(), stamp));
    }
    writer.append(stamped);
  }

  private void remember(Row row) {
    rows(row.table()).put(row.key(), row);
    digest.add(row);
  }

  private Row newRow(Table table) {
    return row(table, (table == Catalog.SETTINGS ? "S" : texts.next()) + keys++);
  }

  /** A hostile row that refers only to rows that are there. */
  private Row row(Table table, String key) {
    Row row = hostile.next(table, key);
    @Nullable Object[] values = new @Nullable Object[table.columns().size()];
    for (Column<?> column : table.columns()) {
      Table target = column.target().orElse(null);
      if (target == null) {
        values[column.position()] = row.value(column.position());
      } else {
        Map<String, Row> rows = rows(target);
        values[column.position()] = rows.isEmpty() ? null : pick(rows);
      }
    }
    return Row.of(table, values);
  }

  private String pick(Map<String, Row> rows) {
    return rows.keySet().stream().skip(random.nextInt(rows.size())).findFirst().orElseThrow();
  }

  private static boolean isReferredTo(Table table) {
    return Catalog.TABLES.stream()
        .flatMap(each -> each.columns().stream())
        .anyMatch(column -> column.refersTo(table));
  }

  /** A row that is present. */
  public Optional<Row> find(Table table, String key) {
    return Optional.ofNullable(rows(table).get(key));
  }

  private Map<String, Row> rows(Table table) {
    return Objects.requireNonNull(present.get(table));
  }

  /** All files of a disk. */
  public static Map<String, byte[]> files(Disk disk) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String file : disk.list("")) {
      files.put(file, disk.readAll(file));
    }
    return files;
  }

  /** The findings of a check but for the semantic ones. */
  public static List<Finding> damage(CheckReport report) {
    return report.findings().stream()
        .filter(finding -> finding.severity() != Finding.Severity.WARNING)
        .toList();
  }

  public static CheckReport check(Disk disk) throws IOException {
    return new ArchiveChecker(disk).check(ArchiveChecker.Mode.FULL, ProgressListener.NONE);
  }

  public static CheckReport check(Map<String, byte[]> files) throws IOException {
    return check(new Fixed(files));
  }

  /** Files of which one has another content, or is missing. */
  public static Map<String, byte[]> with(Map<String, byte[]> files, String file, byte[] content) {
    Map<String, byte[]> changed = new TreeMap<>(files);
    changed.put(file, content);
    return changed;
  }

  /**
   * Whether a report names a file. A missing journal file whose name is not known, because its
   * first change is lost, is named by its folder.
   */
  public static boolean names(CheckReport report, String file) {
    return report.findings().stream()
        .filter(finding -> finding.severity() == Finding.Severity.ERROR)
        .anyMatch(
            finding ->
                finding.file().equals(file)
                    || JournalFile.isJournal(file)
                        && finding.code().equals("journal-missing")
                        && finding.file().equals(JournalFile.FOLDER));
  }

  /** A read-only disk with given files. */
  public static class Fixed implements Disk {
    private final Map<String, byte[]> files;

    public Fixed(Map<String, byte[]> files) {
      this.files = files;
    }

    private byte[] bytes(String file) throws IOException {
      byte[] bytes = files.get(file);
      if (bytes == null) {
        throw new NoSuchFileException(file);
      }
      return bytes;
    }

    @Override
    public boolean exists(String file) {
      return files.containsKey(file);
    }

    @Override
    public long size(String file) throws IOException {
      return bytes(file).length;
    }

    @Override
    public InputStream read(String file, long offset) throws IOException {
      byte[] bytes = bytes(file);
      int from = (int) Math.min(offset, bytes.length);
      return new ByteArrayInputStream(bytes, from, bytes.length - from);
    }

    @Override
    public List<String> list(String folder) {
      return files.keySet().stream()
          .filter(file -> folder.isEmpty() || file.startsWith(folder + "/"))
          .toList();
    }

    @Override
    public List<String> files(String folder) {
      return files.keySet().stream().filter(file -> Disk.folderOf(file).equals(folder)).toList();
    }

    @Override
    public Appender append(String file) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void replace(String file, byte[] content) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void replaceByPrefix(String file, long length) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void write(String file, byte[] content) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void forceAll(List<String> all) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void move(String from, String to) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void delete(String file) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }

    @Override
    public void forceFolder(String folder) {
      throw new UnsupportedOperationException("a checker writes nothing");
    }
  }

  /** Files of which one log has other lines than before, each with a matching check. */
  public static Map<String, byte[]> rewritten(
      Map<String, byte[]> files, String log, Table table, String from, String to) {
    StringBuilder changed = new StringBuilder();
    for (byte[] line : FileDamage.lines(Objects.requireNonNull(files.get(log)))) {
      String text = new String(line, StandardCharsets.UTF_8);
      if (!text.startsWith("#") && text.contains(from)) {
        String body = text.replaceFirst(Pattern.quote(from), to).substring(0, text.length() - 9);
        byte[] checked = (table.name() + "|" + body).getBytes(StandardCharsets.UTF_8);
        text = body + LineCodec.crc(checked, 0, checked.length) + "\n";
      }
      changed.append(text);
    }
    return with(files, log, changed.toString().getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Whether a file of which some lines are lost everywhere has only lines that it had before or
   * after the damage, all sound ones among them, and more sound ones than before.
   */
  public static boolean isBetter(byte[] bytes, byte @Nullable [] damaged, byte @Nullable [] sound) {
    if (damaged == null || sound == null) {
      return false;
    }
    Set<String> right = lines(sound);
    Set<String> before = lines(damaged);
    Set<String> now = lines(bytes);
    Set<String> invented = new HashSet<>(now);
    invented.removeAll(right);
    invented.removeAll(before);
    Set<String> kept = new HashSet<>(before);
    kept.retainAll(right);
    boolean hasAllOfBefore = now.containsAll(kept);
    now.retainAll(right);
    return invented.isEmpty() && hasAllOfBefore && now.size() > kept.size();
  }

  private static Set<String> lines(byte[] bytes) {
    return new HashSet<>(new String(bytes, StandardCharsets.ISO_8859_1).lines().toList());
  }
}
