package org.thywill.web;

import static org.thywill.web.http.Method.GET;
import static org.thywill.web.http.Method.POST;
import static org.thywill.web.http.Who.ANYBODY;
import static org.thywill.web.http.Who.MEMBER;
import static org.thywill.web.http.Who.MEMBER_MANAGER;
import static org.thywill.web.http.Who.MODERATOR;
import static org.thywill.web.http.Who.MONITOR;
import static org.thywill.web.http.Who.OPERATOR;
import static org.thywill.web.http.Who.ROLE_MANAGER;
import static org.thywill.web.http.Who.WAITING;

import java.util.List;
import org.thywill.web.console.ConsolePages;
import org.thywill.web.console.Metrics;
import org.thywill.web.console.Watch;
import org.thywill.web.http.Assets;
import org.thywill.web.http.Route;
import org.thywill.web.http.Site;
import org.thywill.web.member.ApplicationPages;
import org.thywill.web.member.Invites;
import org.thywill.web.member.Joining;
import org.thywill.web.member.MemberPages;
import org.thywill.web.member.OwnPages;
import org.thywill.web.member.RolePages;
import org.thywill.web.prayer.Asking;
import org.thywill.web.prayer.Feeds;
import org.thywill.web.prayer.ModerationPages;
import org.thywill.web.prayer.PrayerMode;
import org.thywill.web.prayer.PrayerPages;
import org.thywill.web.signin.Entering;
import org.thywill.web.signin.SigningIn;
import org.thywill.web.signin.Vouching;
import org.thywill.web.site.Giving;
import org.thywill.web.site.HomePages;
import org.thywill.web.site.NewsPages;
import org.thywill.web.site.SettingsPages;
import org.thywill.web.site.StatisticsPages;

/**
 * Everything that can be asked of the server, and who may. What is not in this table does not
 * exist. The test of all routes walks it: a new line without an entry there fails the build.
 */
final class Routes {
  private final List<Route> all;

  Routes(Site site, Watch watch, Metrics metrics) {
    Joining joining = new Joining(site);
    SigningIn signingIn = new SigningIn(site);
    Entering entering = new Entering(site);
    Vouching vouching = new Vouching(site);
    Asking asking = new Asking(site);
    ApplicationPages applications = new ApplicationPages(site);
    PrayerPages prayers = new PrayerPages(site);
    Invites invites = new Invites(site);
    MemberPages members = new MemberPages(site);
    OwnPages own = new OwnPages(site);
    StatisticsPages statistics = new StatisticsPages(site);
    RolePages roles = new RolePages(site);
    NewsPages news = new NewsPages(site);
    ModerationPages moderation = new ModerationPages(site);
    SettingsPages settings = new SettingsPages(site);
    ConsolePages console = new ConsolePages(site, watch);
    all =
        List.of(
            // For everybody.
            new Route(GET, "/", ANYBODY, HomePages::home),
            new Route(GET, "/how-it-works", ANYBODY, HomePages::howItWorks),
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
            new Route(GET, "/give", MEMBER, Giving::show),
            new Route(GET, "/statistics", MEMBER, statistics::show),
            new Route(GET, "/whats-new", MEMBER, news::show),
            new Route(POST, "/whats-new", OPERATOR, news::add),
            new Route(POST, "/whats-new/{entry}/take-back", OPERATOR, news::takeBack),

            // Prayers.
            new Route(GET, "/feed/{feed}", MEMBER, Feeds::show),
            new Route(GET, "/ask", MEMBER, asking::show),
            new Route(POST, "/ask", MEMBER, asking::ask),
            new Route(GET, "/pray", MEMBER, PrayerMode::show),
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
