package org.thywill.web.site;

import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.thywill.community.settings.FeatureView;
import org.thywill.community.settings.SettingView;
import org.thywill.community.settings.Settings;
import org.thywill.community.signin.AuditEntry;
import org.thywill.web.http.FlashMessage;
import org.thywill.web.http.Request;
import org.thywill.web.http.Response;
import org.thywill.web.http.ServerContext;

/** Settings and features, and the log of sign-ins and security events. */
public final class SettingsController {
  private static final int ENTRIES_MAX = 100;
  private final Settings settings;

  public SettingsController(ServerContext server) {
    this.settings = server.community().settings();
  }

  /**
   * The page of settings.
   *
   * @param ofTheMachine those that only the operator can set
   */
  record View(
      List<SettingView> ofTheCommunity,
      List<SettingView> ofTheMachine,
      List<FeatureView> features) {}

  record AuditView(List<AuditEntry> steps, List<AuditEntry> events, Instant now) {}

  public Response show(Request request) throws IOException {
    Map<Boolean, List<SettingView>> settings =
        SettingView.all(request.view()).stream()
            .collect(Collectors.partitioningBy(SettingView::isOfTheMachine));
    return Response.page(
        "site/settings.jte",
        "Settings",
        new View(
            settings.getOrDefault(false, List.of()),
            settings.getOrDefault(true, List.of()),
            FeatureView.all(request.view())));
  }

  public Response set(Request request) throws IOException {
    settings.set(request.member().handle(), request.formParam("name"), request.formParam("value"));
    return Response.redirect("/settings", FlashMessage.SETTING_SET);
  }

  public Response unset(Request request) throws IOException {
    settings.unset(request.member().handle(), request.formParam("name"));
    return Response.redirect("/settings", FlashMessage.SETTING_UNSET);
  }

  public Response feature(Request request) throws IOException {
    settings.setFeature(
        request.member().handle(),
        request.formParam("name"),
        request.isChecked("enabled"),
        request.formParam("details"));
    return Response.redirect("/settings", FlashMessage.FEATURE_SET);
  }

  /** The last steps of sign-ins and the last security events. */
  public Response audit(Request request) throws IOException {
    return Response.page(
        "site/audit.jte",
        "Audit",
        new AuditView(
            AuditEntry.signIns(request.view(), ENTRIES_MAX),
            AuditEntry.securityEvents(request.view(), ENTRIES_MAX),
            request.now()));
  }
}
