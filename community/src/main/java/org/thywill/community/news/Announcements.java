package org.thywill.community.news;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.access.Authorization;
import org.thywill.community.access.ForbiddenException;
import org.thywill.community.access.Ids;
import org.thywill.community.access.InvalidInputException;
import org.thywill.community.access.Permission;
import org.thywill.community.access.TextValidation;
import org.thywill.ledger.Ledger;
import org.thywill.view.Query;
import org.thywill.view.ViewReader;

/** Announcements for members: those of the program, and those that admins add. */
public final class Announcements {
  /** The most announcements that are shown. */
  public static final int SHOWN_MAX = 100;

  private static final int TEXT_MAX = 1_000;
  private static final List<Entry> OF_THE_PROGRAM = ofTheProgram();

  private final Ledger ledger;
  private final Ids ids;

  public Announcements(Ledger ledger, Ids ids) {
    this.ledger = ledger;
    this.ids = ids;
  }

  /** The kind of an announcement. */
  public enum Kind {
    NEW,
    ENHANCED,
    FIXED,
    META;

    /** The kind of a word in the archive; an unknown word is {@link #META}. */
    public static Kind of(String word) {
      return Arrays.stream(values())
          .filter(kind -> kind.label().equals(word))
          .findFirst()
          .orElse(META);
    }

    /** The word in the archive. */
    public String label() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An announcement.
   *
   * @param id by which it can be removed; empty for one of the program
   */
  public record Entry(String id, Instant at, Kind kind, String text) {
    /** The day in UTC. */
    public LocalDate day() {
      return LocalDate.ofInstant(at, ZoneOffset.UTC);
    }
  }

  /**
   * Adds an announcement.
   *
   * @return its id
   * @throws ForbiddenException if the member may not change settings
   * @throws InvalidInputException if the text is empty or too long
   */
  public String add(String admin, Kind kind, String text) throws IOException {
    TextValidation.require(text, "what is new", TEXT_MAX);
    String id = ids.id();
    ledger.write(
        Change.Cause.by(admin),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_SYSTEM, tx.atMicros());
          tx.add(
              Row.in(Catalog.CHANGELOG)
                  .set(Catalog.Changelog.COMMIT_ID, id)
                  .set(Catalog.Changelog.ORIGINAL_MESSAGE, text)
                  .set(Catalog.Changelog.FRIENDLY_DESCRIPTION, text)
                  .set(Catalog.Changelog.CHANGE_TYPE, kind.label())
                  .set(Catalog.Changelog.COMMIT_DATE, tx.atMicros())
                  .set(Catalog.Changelog.CREATED_AT, tx.atMicros())
                  .build());
        });
    return id;
  }

  /**
   * Removes an announcement that was added or imported.
   *
   * @throws ForbiddenException if the member may not change settings
   * @throws InvalidInputException if there is no such announcement
   */
  public void takeBack(String admin, String entry) throws IOException {
    ledger.write(
        Change.Cause.by(admin),
        tx -> {
          Authorization.require(tx, admin, Permission.MANAGE_SYSTEM, tx.atMicros());
          if (tx.find(Catalog.CHANGELOG, entry).isEmpty()) {
            throw new InvalidInputException("There is no such entry any more.");
          }
          tx.remove(Catalog.CHANGELOG, entry);
        });
  }

  /** The latest announcements first, at most {@link #SHOWN_MAX}. */
  public static List<Entry> latest(ViewReader view) throws IOException {
    Stream<Entry> added =
        view
            .rows(
                Query.of(Catalog.CHANGELOG)
                    .highestFirst(Catalog.Changelog.COMMIT_DATE)
                    .limit(SHOWN_MAX))
            .stream()
            .map(Announcements::entry);
    return Stream.concat(added, OF_THE_PROGRAM.stream())
        .sorted(Comparator.comparing(Entry::at).reversed())
        .limit(SHOWN_MAX)
        .toList();
  }

  private static Entry entry(Row row) {
    return new Entry(
        row.key(),
        Timestamps.instant(row.get(Catalog.Changelog.COMMIT_DATE).orElse(0L)),
        Kind.of(row.get(Catalog.Changelog.CHANGE_TYPE).orElse("")),
        row.get(Catalog.Changelog.FRIENDLY_DESCRIPTION)
            .or(() -> row.get(Catalog.Changelog.ORIGINAL_MESSAGE))
            .orElse(""));
  }

  private static List<Entry> ofTheProgram() {
    try (InputStream in = Announcements.class.getResourceAsStream("whats-new.txt")) {
      if (in == null) {
        throw new IllegalStateException("whats-new.txt is missing in the program");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.startsWith("#"))
          .map(Announcements::parse)
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Entry parse(String line) {
    String[] parts = line.split(" \\| ", 3);
    if (parts.length != 3) {
      throw new IllegalStateException(
          "whats-new.txt: expected 'day | kind | text', found '" + line + "'");
    }
    return new Entry(
        "",
        LocalDate.parse(parts[0]).atStartOfDay(ZoneOffset.UTC).toInstant(),
        Kind.of(parts[1]),
        parts[2]);
  }
}
