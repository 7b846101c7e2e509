package org.thywill.community;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.community.access.AccountDeactivation;
import org.thywill.community.access.Device;
import org.thywill.community.access.Ids;
import org.thywill.community.access.Roles;
import org.thywill.community.demo.SettableClock;
import org.thywill.community.join.Applications;
import org.thywill.community.join.Members;
import org.thywill.community.member.Supporters;
import org.thywill.community.news.Announcements;
import org.thywill.community.prayer.Moderation;
import org.thywill.community.prayer.Prayers;
import org.thywill.community.prayer.Visibility;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.KnownDevices;
import org.thywill.community.signin.MutedClaimants;
import org.thywill.community.signin.RecoveryCodes;
import org.thywill.community.signin.Sessions;
import org.thywill.community.signin.SignIn;
import org.thywill.community.signin.SignInLinks;
import org.thywill.ledger.Ledger;
import org.thywill.progress.ProgressListener;
import org.thywill.view.ViewReader;

/**
 * A small community for tests: an admin called Anna, a clock that is set by hand, and a look at
 * what was written.
 */
public final class CommunityFixture implements Closeable {
  public static final Device LAPTOP = new Device("Firefox on Linux", "203.0.113.7");
  public static final Device PHONE = new Device("Safari on a phone", "203.0.113.8");

  public final Path archive;
  public final SettableClock clock =
      new SettableClock(Instant.parse("2026-03-04T05:06:07.123456Z"));
  public final Ledger ledger;
  public final Members members;
  public final Roles roles;
  public final Prayers prayers;
  public final Moderation moderation;
  public final AccountDeactivation accounts;
  public final Applications applications;
  public final Sessions sessions;
  public final SignIn signIn;
  public final SignInLinks signInLinks;
  public final KnownDevices knownDevices;
  public final MutedClaimants mutedClaimants;
  public final RecoveryCodes recoveryCodes;
  public final Settings settings;
  public final Supporters supporters;
  public final Announcements news;
  private final ViewReader view;

  private CommunityFixture(Path folder) throws IOException {
    archive = folder.resolve("text_archives");
    Ledger.found(archive, "c0ffee", clock);
    ledger = Ledger.openAt(archive, folder.resolve("community.db"), clock, ProgressListener.NONE);
    Community community = new Community(ledger, new Ids(new SplittableRandom(7)), serverKey());
    members = community.members();
    roles = community.roles();
    prayers = community.prayers();
    moderation = community.moderation();
    applications = community.applications();
    accounts = community.accounts();
    sessions = community.sessions();
    signIn = community.signIn();
    signInLinks = community.signInLinks();
    knownDevices = community.knownDevices();
    mutedClaimants = community.mutedClaimants();
    recoveryCodes = community.recoveryCodes();
    settings = community.settings();
    supporters = community.supporters();
    news = community.news();
    view = ledger.read();
  }

  /** A place in which nobody is yet. */
  public static CommunityFixture empty(Path folder) throws IOException {
    return new CommunityFixture(folder);
  }

  /** A place with its first admin, {@code anna}. */
  public static CommunityFixture founded(Path folder) throws IOException {
    CommunityFixture fixture = new CommunityFixture(folder);
    fixture.members.join(fixture.members.makeOperatorLink(Duration.ofHours(1)), "Anna", LAPTOP);
    return fixture;
  }

  /** Lets people in by invites of anna's; their handles are their names in lower case. */
  public CommunityFixture with(String... names) throws IOException {
    for (String name : names) {
      join(name);
    }
    return this;
  }

  public Members.NewMember join(String name) throws IOException {
    return members.join(
        members.invite("anna", Duration.ofDays(1), OptionalLong.of(1)), name, PHONE);
  }

  /** Makes a member a moderator. */
  public void appoint(String member) throws IOException {
    roles.grant("anna", member, Roles.MODERATOR, "");
  }

  /** Gives a member a role that allows nothing, and takes all others. */
  public void shutOut(String member) throws IOException {
    ledger.write(
        Change.Cause.by("anna"),
        tx -> {
          for (Row assignment : tx.findBy(Catalog.RoleAssignments.MEMBER, member)) {
            tx.change(
                Catalog.ROLE_ASSIGNMENTS,
                assignment.key(),
                Values.of(Catalog.RoleAssignments.EXPIRES_AT, tx.atMicros()));
          }
          if (tx.find(Catalog.ROLES, "resting").isEmpty()) {
            tx.add(
                Row.in(Catalog.ROLES)
                    .set(Catalog.Roles.NAME, "resting")
                    .set(Catalog.Roles.PERMISSIONS, "")
                    .set(Catalog.Roles.IS_SYSTEM_ROLE, false)
                    .set(Catalog.Roles.CREATED_AT, tx.atMicros())
                    .build());
          }
          tx.add(
              Row.in(Catalog.ROLE_ASSIGNMENTS)
                  .set(Catalog.RoleAssignments.MEMBER, member)
                  .set(Catalog.RoleAssignments.ROLE, "resting")
                  .set(Catalog.RoleAssignments.ID, "rest" + member)
                  .set(Catalog.RoleAssignments.GRANTED_AT, tx.atMicros())
                  .build());
        });
  }

  public String ask(String author) throws IOException {
    return prayers.ask(author, "Please pray for rain.", Visibility.MEMBERS, "");
  }

  public void pass(Duration time) {
    clock.setTo(clock.instant().plus(time));
  }

  public Row row(Table table, String key) throws IOException {
    return view.find(table, key).orElseThrow();
  }

  public List<Row> rows(Table table) throws IOException {
    List<Row> rows = new ArrayList<>();
    view.forEach(table, rows::add);
    return rows;
  }

  public <T> List<Row> where(Column<T> column, T value) throws IOException {
    return view.findBy(column, value);
  }

  public ViewReader view() {
    return view;
  }

  public long lastSeq() throws IOException {
    return view.state().seq();
  }

  /** Everything that the text has after a change, read from the files while the ledger is open. */
  public List<Change> writtenAfter(long seq) throws IOException {
    ledger.checkpoint();
    ArchiveReader reader = ArchiveReader.open(new FileSystemDisk(archive), 0);
    List<Change> changes = new ArrayList<>(reader.tail());
    for (Table table : reader.tables()) {
      reader.forEach(table, new BitSet(), changes::add);
    }
    return changes.stream().filter(change -> change.seq() > seq).toList();
  }

  @Override
  public void close() throws IOException {
    view.close();
    ledger.close();
  }

  /** A key of the server that is the same in every test. */
  public static byte[] serverKey() {
    return new byte[32];
  }
}
