package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Row;
import org.thywill.catalog.Timestamps;
import org.thywill.community.settings.Feature;
import org.thywill.community.settings.Settings;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.view.Query;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Settings, features, and what happened at the door. */
public final class SettingsController {
  private static final int EVENTS_SHOWN = 100;
  private final Settings settings;

  public SettingsController(ServerContext site) {
    this.settings = site.community().settings();
  }

  record Setting(String name, String value, String origin, boolean mayBeTakenBack) {}

  /**
   * A feature.
   *
   * @param meaning what it decides; empty for one that decides nothing here
   * @param mayBeTurned whether it is one that this program has, and an admin can turn on or off,
   *     since the environment of the server does not
   */
  record Flag(String name, boolean enabled, String details, String meaning, boolean mayBeTurned) {
    private static Flag of(Row row) {
      boolean isBuilt =
          Arrays.stream(Feature.values()).anyMatch(feature -> feature.setting().equals(row.key()));
      return new Flag(
          row.key(),
          row.is("enabled"),
          row.text("details").orElse(""),
          meaning(row.key()),
          isBuilt && !ArchivedSettings.isHeldByEnvironment(row));
    }

    /** As long as nobody has turned it off. */
    private static Flag byDefault(String name) {
      return new Flag(name, true, "", meaning(name), true);
    }

    private static String meaning(String name) {
      return KnownSettings.find(name).map(KnownSettings.Known::meaning).orElse("");
    }
  }

  record View(List<Setting> settings, List<Flag> features) {}

  record Event(String what, String who, String details, String address, Instant at) {}

  record AuditView(List<Event> steps, List<Event> events, Instant now) {}

  public Response show(Request visit) throws IOException {
    List<Setting> all = new ArrayList<>();
    visit
        .view()
        .forEach(
            Catalog.SETTINGS,
            row ->
                all.add(
                    new Setting(
                        row.key(),
                        row.text("value").orElse(""),
                        row.text("origin").orElse(""),
                        ArchivedSettings.mayBeTakenBack(row))));
    Map<String, Flag> flags = new TreeMap<>();
    Arrays.stream(Feature.values())
        .map(Feature::setting)
        .forEach(name -> flags.put(name, Flag.byDefault(name)));
    visit.view().forEach(Catalog.FEATURE_FLAGS, row -> flags.put(row.key(), Flag.of(row)));
    return Response.page(
        "site/settings.jte", "Settings", new View(all, List.copyOf(flags.values())));
  }

  public Response set(Request visit) throws IOException {
    settings.set(visit.member().handle(), visit.formParam("name"), visit.formParam("value"));
    return Response.redirect("/settings", FlashMessage.SETTING_SET);
  }

  public Response unset(Request visit) throws IOException {
    settings.unset(visit.member().handle(), visit.formParam("name"));
    return Response.redirect("/settings", FlashMessage.SETTING_UNSET);
  }

  public Response feature(Request visit) throws IOException {
    settings.setFeature(
        visit.member().handle(),
        visit.formParam("name"),
        visit.isChecked("enabled"),
        visit.formParam("details"));
    return Response.redirect("/settings", FlashMessage.FEATURE_SET);
  }

  public Response audit(Request visit) throws IOException {
    List<Event> steps =
        visit.view().rows(Query.of(Catalog.AUDIT).newestFirst().limit(EVENTS_SHOWN)).stream()
            .map(
                row ->
                    new Event(
                        row.text("action").orElse(""),
                        row.text("actor_member").or(() -> row.text("actor_type")).orElse(""),
                        row.text("details").orElse(""),
                        row.text("ip_address").orElse(""),
                        at(row)))
            .toList();
    List<Event> events =
        visit
            .view()
            .rows(Query.of(Catalog.SECURITY_EVENTS).newestFirst().limit(EVENTS_SHOWN))
            .stream()
            .map(
                row ->
                    new Event(
                        row.text("event").orElse(""),
                        row.text("member").orElse(""),
                        row.text("details").orElse(""),
                        row.text("ip_address").orElse(""),
                        at(row)))
            .toList();
    return Response.page("site/audit.jte", "Audit", new AuditView(steps, events, visit.now()));
  }

  private static Instant at(Row row) {
    return Timestamps.instant(row.number("created_at").orElse(0L));
  }
}
