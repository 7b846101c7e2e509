package org.thywill.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.thywill.archive.ArchiveReader;
import org.thywill.archive.disk.FileSystemDisk;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.Column;
import org.thywill.catalog.Table;
import org.thywill.simulation.HostileText;
import org.thywill.simulation.Seeds;
import org.thywill.web.http.HttpMethod;
import org.thywill.web.http.RequestDispatcher;
import org.thywill.web.http.Route;

/**
 * Hostile text in every field of every form. The forms are taken from the pages: a POST route that
 * has no form on any page fails. What is accepted is in the archive exactly as it was sent, every
 * page shows it as text or not at all, and what is too long is rejected in a sentence.
 */
class HostileFormsTest {
  private static final String ATTACK =
      "<script>alert('x')</script>\"'><img src=x onerror=alert(1)><b>&amp;${7*7}";
  private static final String ATTACK_OF_A_NAME = "<img src=x onerror=alert(1)>";
  private static final String A_SETTING = "AN_INVENTED_NAME";
  private static final String A_ROLE = "a_role";
  private static final int TEXTS = 3;

  /** More would exceed the limit of pending applications. */
  private static final int TEXTS_MAX = 30;

  private static final int TOO_LONG = 6_000;

  /** A sign-in under a name that no member has leaves no trace. */
  private static final Set<String> KEPT_NOWHERE =
      Set.of(
          "POST /sign-in name",
          "POST /sign-in/code name",
          "POST /sign-in/code code",
          "POST /me/proof code");

  /** Display names are stored without the blanks around them. */
  private static final Set<String> TIDIED = Set.of("POST /join/{token} name", "POST /apply name");

  /**
   * The fields whose text is on a page afterwards. Reasons of decisions about members are only in
   * the log, and the attack is no valid name of a setting or a role.
   */
  private static final List<String> SHOWN =
      List.of(
          "POST /apply contact",
          "POST /apply essay",
          "POST /apply name",
          "POST /ask text",
          "POST /join/{token} name",
          "POST /prayers/{prayer}/edit text",
          "POST /prayers/{prayer}/hide reason",
          "POST /prayers/{prayer}/praise testimony",
          "POST /prayers/{prayer}/report reason",
          "POST /prayers/{prayer}/show reason",
          "POST /prayers/{prayer}/words words",
          "POST /roles description",
          "POST /roles/{role} description",
          "POST /settings value",
          "POST /settings/feature details",
          "POST /settings/feature name",
          "POST /sign-ins/{request}/reject reason",
          "POST /whats-new text");

  @TempDir Path folder;
  private ServerFixture server;
  private int sent;

  @SuppressWarnings("NullAway.Init")
  HostileFormsTest() {}

  @BeforeEach
  void startServer() throws IOException {
    server = new ServerFixture(folder);
  }

  @AfterEach
  void stopServer() throws IOException {
    server.close();
  }

  /** A form of a page: its fields with their values, and those that take any text. */
  private record Form(
      Route route, RoutesTest.State state, Map<String, String> fields, Set<String> texts) {
    String name(String field) {
      return route.name() + " " + field;
    }
  }

  /** A text that was accepted, and the changes that were made with it. */
  private record Accepted(String field, String text, long after, long until) {}

  @Test
  void everyField_ofEveryForm_keepsHostileTextExactly_andShowsItAsText() throws IOException {
    RandomGenerator random = Seeds.random("HostileFormsTest");
    HostileText hostile = new HostileText(random);
    List<Form> forms = new ArrayList<>();
    for (Route route : RoutesTest.routes(server, folder)) {
      if (route.method() == HttpMethod.POST) {
        forms.add(form(route));
      }
    }
    assertThat(forms).hasSizeGreaterThan(25);
    List<Accepted> accepted = new ArrayList<>();
    int fields = 0;
    for (Form form : forms) {
      for (String field : form.fields().keySet()) {
        fields++;
        send(
                form,
                field,
                TIDIED.contains(form.name(field))
                    ? ATTACK_OF_A_NAME + fields
                    : ATTACK + form.name(field))
            .ifPresent(accepted::add);
        for (int i = 0; i < Math.min(Seeds.times(TEXTS), TEXTS_MAX); i++) {
          send(form, field, hostile.next()).ifPresent(accepted::add);
        }
        refusesWhatIsTooLong(form, field);
      }
    }
    assertThat(fields).isGreaterThan(30);
    assertThat(accepted).hasSizeGreaterThan(60);
    NavigableMap<Long, Change> changes = changes();
    Set<String> seen = new HashSet<>();
    for (Accepted each : accepted) {
      if (!seen.add(each.field() + " " + each.text())) {
        continue; // sent twice by chance: a feature of that name may be as it should be already
      }
      assertThat(keptTexts(changes, each)).as(each.field()).contains(each.text());
    }
    assertThat(changes.values())
        .allSatisfy(
            change ->
                assertThat(texts(change))
                    .allSatisfy(text -> assertThat(text.length()).isLessThan(TOO_LONG)));
    assertThat(fieldsShown()).containsExactlyElementsOf(SHOWN);
  }

  /**
   * Sends a form with a text in one of its fields; returns it if it was accepted and must be kept.
   */
  private Optional<Accepted> send(Form form, String field, String text) throws IOException {
    RoutesTest.Target target = target(form.route(), form.state());
    Map<String, String> fields = new LinkedHashMap<>(form.fields());
    // A form with the same idempotency key would be taken for a repetition.
    fields.computeIfPresent("client_id", (name, value) -> target.path() + sent++);
    fields.computeIfPresent(
        "name",
        (name, value) -> value.equals(A_SETTING) || value.equals(A_ROLE) ? value + sent++ : value);
    fields.put(field, text);
    long before = server.seq();
    HttpResponse<String> answer = server.post(target.session(), target.path(), fields);
    assertThat(answer.statusCode())
        .as(form.name(field) + " with " + text + ": " + answer.body())
        .isIn(200, 303, 403, 413, 422);
    assertThat(answer.headers().firstValue("Location").orElse("/"))
        .startsWith("/")
        .doesNotStartWith("//");
    assertNothingIsInterpreted(answer.body());
    boolean isToBeKept =
        form.texts().contains(field) && !text.isBlank() && !KEPT_NOWHERE.contains(form.name(field));
    String kept = TIDIED.contains(form.name(field)) ? text.strip() : text;
    return isToBeKept && answer.statusCode() == 303
        ? Optional.of(new Accepted(form.name(field), kept, before, server.seq()))
        : Optional.empty();
  }

  private void refusesWhatIsTooLong(Form form, String field) throws IOException {
    RoutesTest.Target target = target(form.route(), form.state());
    Map<String, String> fields = new LinkedHashMap<>(form.fields());
    fields.put(field, "a".repeat(TOO_LONG));
    HttpResponse<String> answer = server.post(target.session(), target.path(), fields);
    if (form.texts().contains(field) && !KEPT_NOWHERE.contains(form.name(field))) {
      assertThat(answer.statusCode()).as(form.name(field)).isEqualTo(422);
      assertThat(answer.body())
          .as(form.name(field))
          .contains("Please shorten it", TOO_LONG + " characters");
    } else {
      assertThat(answer.statusCode()).as(form.name(field)).isIn(200, 303, 403, 422);
    }
  }

  /** Creates what a form needs, such as a prayer in the right state or a pending sign-in. */
  private RoutesTest.Target target(Route route, RoutesTest.State state) throws IOException {
    // Members cannot report or skip a prayer of their own.
    boolean isOwn = !route.path().endsWith("/report") && !route.path().endsWith("/skip");
    RoutesTest.Target target = RoutesTest.target(server, route, state, isOwn);
    if (route.path().endsWith("/hide")) {
      server
          .community
          .moderation()
          .report("clara", target.path().split("/", -1)[2], "to be looked at");
    }
    return target;
  }

  private Form form(Route route) throws IOException {
    RoutesTest.Expected expected = RoutesTest.expected(route);
    RoutesTest.State state =
        expected.allowed().contains(RoutesTest.State.ADMIN)
                && !route.path().equals("/sign-in")
                && !route.path().equals("/apply")
            ? RoutesTest.State.ADMIN
            : RoutesTest.State.VISITOR;
    RoutesTest.Target target = target(route, state);
    String action = route.path().replaceAll("\\{[^}]+}", "[^/]+");
    Element found = null;
    Set<String> pages =
        new LinkedHashSet<>(
            List.of(
                target.path(),
                target.path().replaceAll("/[^/]+$", "/"),
                target.path().replaceAll("/[^/]+$", ""),
                "/moderation",
                "/sign-ins",
                "/invites",
                "/applications",
                "/roles",
                "/settings",
                "/console",
                "/me",
                "/pray",
                "/feed/pray-now",
                "/whats-new"));
    for (String page : pages) {
      HttpResponse<String> answer = server.get(target.session(), page);
      for (Element each : Jsoup.parse(answer.body()).select("form[method=post]")) {
        boolean saysMore =
            found == null || each.select("[name]").size() > found.select("[name]").size();
        found = each.attr("action").matches(action) && saysMore ? each : found;
      }
    }
    assertThat(found).as("a form for " + route.name() + " on one of " + pages).isNotNull();
    Map<String, String> fields = new TreeMap<>();
    Set<String> texts = new TreeSet<>();
    for (Element field : Objects.requireNonNull(found).select("[name]")) {
      fields.put(field.attr("name"), field.val());
      boolean takesAnyText = field.is("textarea, input:not([type]):not([inputmode])");
      if (takesAnyText) {
        texts.add(field.attr("name"));
      }
    }
    fields.remove(RequestDispatcher.TOKEN_FIELD);
    fields.putAll(expected.fields());
    if (route.path().equals("/settings") || route.path().equals("/settings/feature")) {
      // A setting that the program does not know can have any text as its value.
      fields.put("name", A_SETTING);
    }
    return new Form(route, state, fields, texts);
  }

  private NavigableMap<Long, Change> changes() throws IOException {
    server.ledger.checkpoint();
    NavigableMap<Long, Change> changes = new TreeMap<>();
    ArchiveReader reader =
        ArchiveReader.open(new FileSystemDisk(folder.resolve("text_archives")), 0);
    reader.tail().forEach(change -> changes.put(change.seq(), change));
    for (Table table : reader.tables()) {
      reader.forEach(
          table,
          new BitSet(),
          change -> {
            changes.put(change.seq(), change);
            return true;
          });
    }
    return changes;
  }

  private static List<String> keptTexts(NavigableMap<Long, Change> changes, Accepted accepted) {
    return changes.subMap(accepted.after(), false, accepted.until(), true).values().stream()
        .flatMap(change -> texts(change).stream())
        .toList();
  }

  private static List<String> texts(Change change) {
    List<String> texts =
        new ArrayList<>(
            List.of(change.stamp().cause().reason(), change.stamp().cause().idempotencyKey()));
    for (Column<?> column : change.table().columns()) {
      if (change.row().value(column.name()) instanceof String text) {
        texts.add(text);
      }
    }
    return texts;
  }

  /** The fields whose attack is shown as text, on any of the pages that show what members wrote. */
  private Set<String> fieldsShown() throws IOException {
    Set<String> shown = new TreeSet<>();
    List<String> paths =
        new ArrayList<>(
            List.of(
                "/feed/all",
                "/feed/praise",
                "/feed/pray-now",
                "/feed/mine",
                "/feed/archived",
                "/moderation",
                "/applications",
                "/settings",
                "/audit",
                "/members",
                "/members/anna",
                "/roles",
                "/invites",
                "/sign-ins",
                "/me",
                "/console",
                "/pray",
                "/statistics",
                "/whats-new"));
    for (var prayer : server.rows(Catalog.PRAYERS)) {
      paths.add("/prayers/" + prayer.key());
    }
    String session = server.session("anna");
    for (String path : paths) {
      HttpResponse<String> answer = server.get(session, path);
      assertThat(answer.statusCode()).as(path).isEqualTo(200);
      String text = assertNothingIsInterpreted(answer.body()).wholeText();
      if (text.contains(ATTACK_OF_A_NAME)) {
        shown.addAll(
            switch (path) {
              case "/members" -> List.of("POST /join/{token} name");
              case "/applications" -> List.of("POST /apply name");
              default -> List.<String>of();
            });
      }
      for (int at = text.indexOf(ATTACK); at >= 0; at = text.indexOf(ATTACK, at + 1)) {
        shown.add(
            text.substring(at + ATTACK.length())
                .lines()
                .findFirst()
                .orElse("")
                .replaceAll("(?s)^(POST \\S+ [a-z_]+).*$", "$1"));
      }
    }
    return shown;
  }

  private static Document assertNothingIsInterpreted(String body) {
    // This parser takes U+FFFF for the end of the page, which no browser does.
    Document page = Jsoup.parse(body.replace('\uFFFF', '\uFFFE'));
    assertThat(page.select("script"))
        .allSatisfy(script -> assertThat(script.data()).isEmpty())
        .hasSizeLessThan(2);
    assertThat(page.select("img, b, [onerror], [onclick], [style], style, iframe, object"))
        .isEmpty();
    return page;
  }
}
