package org.thywill.web;

import static org.thywill.web.http.AccessRule.ANYBODY;
import static org.thywill.web.http.AccessRule.MEMBER;
import static org.thywill.web.http.AccessRule.MEMBER_MANAGER;
import static org.thywill.web.http.AccessRule.MODERATOR;
import static org.thywill.web.http.AccessRule.MONITOR;
import static org.thywill.web.http.AccessRule.OPERATOR;
import static org.thywill.web.http.AccessRule.ROLE_MANAGER;
import static org.thywill.web.http.AccessRule.WAITING;
import static org.thywill.web.http.HttpMethod.GET;
import static org.thywill.web.http.HttpMethod.POST;

import java.util.List;
import org.thywill.web.console.ConsoleController;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.OperationsMonitor;
import org.thywill.web.http.Assets;
import org.thywill.web.http.Route;
import org.thywill.web.http.ServerContext;
import org.thywill.web.member.AccountController;
import org.thywill.web.member.ApplicationController;
import org.thywill.web.member.InviteController;
import org.thywill.web.member.JoinController;
import org.thywill.web.member.MemberController;
import org.thywill.web.member.RoleController;
import org.thywill.web.prayer.FeedController;
import org.thywill.web.prayer.ModerationController;
import org.thywill.web.prayer.NewPrayerController;
import org.thywill.web.prayer.PrayerController;
import org.thywill.web.prayer.PrayerModeController;
import org.thywill.web.signin.SignInController;
import org.thywill.web.signin.SignInLinkController;
import org.thywill.web.signin.VouchingController;
import org.thywill.web.site.AnnouncementController;
import org.thywill.web.site.DonationController;
import org.thywill.web.site.HomeController;
import org.thywill.web.site.SettingsController;
import org.thywill.web.site.StatisticsController;

/**
 * Everything that can be asked of the server, and who may. What is not in this table does not
 * exist. The test of all routes walks it: a new line without an entry there fails the build.
 */
final class Routes {
  private final List<Route> all;

  Routes(ServerContext site, OperationsMonitor watch, Metrics metrics) {
    JoinController joining = new JoinController(site);
    SignInController signingIn = new SignInController(site);
    SignInLinkController entering = new SignInLinkController(site);
    VouchingController vouching = new VouchingController(site);
    NewPrayerController asking = new NewPrayerController(site);
    ApplicationController applications = new ApplicationController(site);
    PrayerController prayers = new PrayerController(site);
    InviteController invites = new InviteController(site);
    MemberController members = new MemberController(site);
    AccountController own = new AccountController(site);
    StatisticsController statistics = new StatisticsController(site);
    RoleController roles = new RoleController(site);
    AnnouncementController news = new AnnouncementController(site);
    ModerationController moderation = new ModerationController(site);
    SettingsController settings = new SettingsController(site);
    ConsoleController console = new ConsoleController(site, watch);
    all =
        List.of(
            // For everybody.
            new Route(GET, "/", ANYBODY, HomeController::home),
            new Route(GET, "/how-it-works", ANYBODY, HomeController::howItWorks),
            new Route(GET, "/assets/{version}/{file}", ANYBODY, Assets::serve),
            new Route(GET, "/health", ANYBODY, console::health),
            new Route(GET, "/metrics", MONITOR, metrics::show),
            new Route(GET, "/join/{token}", ANYBODY, joining::show),
            new Route(POST, "/join/{token}", ANYBODY, joining::join),
            new Route(GET, "/apply", ANYBODY, applications::show),
            new Route(POST, "/apply", ANYBODY, applications::apply),
            new Route(GET, "/apply/{application}", ANYBODY, applications::status),
            new Route(GET, "/sign-in", ANYBODY, signingIn::show),
            new Route(POST, "/sign-in", ANYBODY, signingIn::ask),
            new Route(GET, "/sign-in/waiting", ANYBODY, signingIn::waiting),
            new Route(GET, "/enter/{token}", ANYBODY, entering::show),
            new Route(POST, "/enter/{token}", ANYBODY, entering::enter),
            new Route(POST, "/sign-out", WAITING, signingIn::signOut),
            new Route(GET, "/give", MEMBER, DonationController::show),
            new Route(GET, "/statistics", MEMBER, statistics::show),
            new Route(GET, "/whats-new", MEMBER, news::show),
            new Route(POST, "/whats-new", OPERATOR, news::add),
            new Route(POST, "/whats-new/{entry}/take-back", OPERATOR, news::takeBack),

            // Prayers.
            new Route(GET, "/feed/{feed}", MEMBER, FeedController::show),
            new Route(GET, "/ask", MEMBER, asking::show),
            new Route(POST, "/ask", MEMBER, asking::ask),
            new Route(GET, "/pray", MEMBER, PrayerModeController::show),
            new Route(GET, "/prayers/{prayer}", MEMBER, prayers::show),
            new Route(POST, "/prayers/{prayer}/prayed", MEMBER, prayers::prayed),
            new Route(POST, "/prayers/{prayer}/skip", MEMBER, prayers::skip),
            new Route(POST, "/prayers/{prayer}/edit", MEMBER, prayers::edit),
            new Route(POST, "/prayers/{prayer}/words", MEMBER, prayers::words),
            new Route(POST, "/prayers/{prayer}/other-words", MEMBER, prayers::otherWords),
            new Route(POST, "/prayers/{prayer}/no-words", MEMBER, prayers::noWords),
            new Route(POST, "/prayers/{prayer}/praise", MEMBER, prayers::praise),
            new Route(POST, "/prayers/{prayer}/archive", MEMBER, prayers::archive),
            new Route(POST, "/prayers/{prayer}/restore", MEMBER, prayers::restore),
            new Route(POST, "/prayers/{prayer}/visibility", MEMBER, prayers::visibility),
            new Route(POST, "/prayers/{prayer}/report", MEMBER, prayers::report),

            // People.
            new Route(GET, "/sign-ins", MEMBER, vouching::show),
            new Route(POST, "/sign-ins/{request}/vouch", MEMBER, vouching::vouch),
            new Route(POST, "/sign-ins/{request}/reject", MEMBER, vouching::reject),
            new Route(GET, "/invites", MEMBER, invites::show),
            new Route(POST, "/invites", MEMBER, invites::make),
            new Route(GET, "/invites/{token}", MEMBER, invites::one),
            new Route(POST, "/invites/{token}/revoke", MEMBER, invites::revoke),
            new Route(GET, "/members", MEMBER, members::all),
            new Route(GET, "/members/{member}", MEMBER, members::one),
            new Route(GET, "/roles", MEMBER, roles::show),
            new Route(POST, "/roles", ROLE_MANAGER, roles::define),
            new Route(POST, "/roles/{role}", ROLE_MANAGER, roles::redefine),
            new Route(POST, "/members/{member}/grant", ROLE_MANAGER, members::grant),
            new Route(POST, "/members/{member}/revoke", ROLE_MANAGER, members::revoke),
            new Route(POST, "/members/{member}/deactivate", MEMBER_MANAGER, members::deactivate),
            new Route(POST, "/members/{member}/reactivate", MEMBER_MANAGER, members::reactivate),
            new Route(POST, "/members/{member}/badges", MEMBER_MANAGER, members::badges),
            new Route(GET, "/me", MEMBER, own::show),
            new Route(GET, "/me/data", MEMBER, own::data),
            new Route(POST, "/me/link", MEMBER, own::makeLink),
            new Route(POST, "/me/devices/{session}/end", MEMBER, own::endDevice),
            new Route(POST, "/me/welcome", MEMBER, own::dismissWelcome),

            // Looking after all of it.
            new Route(GET, "/moderation", MODERATOR, moderation::show),
            new Route(POST, "/prayers/{prayer}/hide", MODERATOR, moderation::hide),
            new Route(POST, "/prayers/{prayer}/show", MODERATOR, moderation::shown),
            new Route(GET, "/applications", MEMBER_MANAGER, applications::waiting),
            new Route(
                POST, "/applications/{application}/approve", MEMBER_MANAGER, applications::approve),
            new Route(
                POST, "/applications/{application}/reject", MEMBER_MANAGER, applications::reject),
            new Route(GET, "/audit", MEMBER_MANAGER, settings::audit),
            new Route(GET, "/settings", OPERATOR, settings::show),
            new Route(POST, "/settings", OPERATOR, settings::set),
            new Route(POST, "/settings/unset", OPERATOR, settings::unset),
            new Route(POST, "/settings/feature", OPERATOR, settings::feature),
            new Route(GET, "/console", OPERATOR, console::show),
            new Route(POST, "/console/check", OPERATOR, console::check),
            new Route(POST, "/console/drill", OPERATOR, console::drill),
            new Route(POST, "/console/report", OPERATOR, console::report),
            new Route(GET, "/console/report", OPERATOR, console::reportPage));
  }

  List<Route> all() {
    return all;
  }
}
