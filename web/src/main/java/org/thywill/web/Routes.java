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
import org.thywill.web.http.BackgroundTasks;
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
import org.thywill.web.signin.ApprovalController;
import org.thywill.web.signin.RecoveryCodeController;
import org.thywill.web.signin.SignInController;
import org.thywill.web.signin.SignInLinkController;
import org.thywill.web.site.AnnouncementController;
import org.thywill.web.site.DonationController;
import org.thywill.web.site.HomeController;
import org.thywill.web.site.SettingsController;
import org.thywill.web.site.StatisticsController;

/**
 * The table of routes: all methods and paths that the server answers, and who may call them. The
 * test of all routes has its own table, and fails for a route that is missing there.
 */
final class Routes {
  private final List<Route> all;

  Routes(ServerContext server, BackgroundTasks tasks, OperationsMonitor monitor, Metrics metrics) {
    JoinController join = new JoinController(server);
    SignInController signIn = new SignInController(server);
    SignInLinkController signInLinks = new SignInLinkController(server);
    ApprovalController approvals = new ApprovalController(server);
    RecoveryCodeController codes = new RecoveryCodeController(server);
    NewPrayerController newPrayer = new NewPrayerController(server);
    ApplicationController applications = new ApplicationController(server);
    PrayerController prayers = new PrayerController(server);
    InviteController invites = new InviteController(server);
    MemberController members = new MemberController(server);
    AccountController account = new AccountController(server);
    StatisticsController statistics = new StatisticsController(server, tasks);
    RoleController roles = new RoleController(server);
    AnnouncementController announcements = new AnnouncementController(server);
    ModerationController moderation = new ModerationController(server);
    SettingsController settings = new SettingsController(server);
    ConsoleController console = new ConsoleController(server, monitor);
    all =
        List.of(
            // Visitors, signing in, and the site.
            new Route(GET, "/", ANYBODY, HomeController::home),
            new Route(GET, "/how-it-works", ANYBODY, HomeController::howItWorks),
            new Route(GET, "/assets/{version}/{file}", ANYBODY, Assets::serve),
            new Route(GET, "/health", ANYBODY, console::health),
            new Route(GET, "/metrics", MONITOR, metrics::show),
            new Route(GET, "/join/{token}", ANYBODY, join::show),
            new Route(POST, "/join/{token}", ANYBODY, join::join),
            new Route(GET, "/apply", ANYBODY, applications::show),
            new Route(POST, "/apply", ANYBODY, applications::apply),
            new Route(GET, "/apply/{secret}", ANYBODY, applications::status),
            new Route(GET, "/sign-in", ANYBODY, signIn::show),
            new Route(POST, "/sign-in", ANYBODY, signIn::ask),
            new Route(GET, "/sign-in/waiting", ANYBODY, signIn::waiting),
            new Route(GET, "/sign-in/code", ANYBODY, codes::show),
            new Route(POST, "/sign-in/code", ANYBODY, codes::enter),
            new Route(GET, "/enter/{token}", ANYBODY, signInLinks::show),
            new Route(POST, "/enter/{token}", ANYBODY, signInLinks::enter),
            new Route(POST, "/sign-out", WAITING, signIn::signOut),
            new Route(GET, "/give", MEMBER, DonationController::show),
            new Route(GET, "/statistics", MEMBER, statistics::show),
            new Route(GET, "/whats-new", MEMBER, announcements::show),
            new Route(POST, "/whats-new", OPERATOR, announcements::add),
            new Route(POST, "/whats-new/{entry}/take-back", OPERATOR, announcements::takeBack),

            // Prayers.
            new Route(GET, "/feed/{feed}", MEMBER, FeedController::show),
            new Route(GET, "/ask", MEMBER, newPrayer::show),
            new Route(POST, "/ask", MEMBER, newPrayer::ask),
            new Route(GET, "/pray", MEMBER, PrayerModeController::show),
            new Route(GET, "/prayers/{prayer}", MEMBER, prayers::show),
            new Route(POST, "/prayers/{prayer}/prayed", MEMBER, prayers::prayed),
            new Route(POST, "/prayers/{prayer}/skip", MEMBER, prayers::skip),
            new Route(POST, "/prayers/{prayer}/edit", MEMBER, prayers::edit),
            new Route(POST, "/prayers/{prayer}/words", MEMBER, prayers::attachPrayer),
            new Route(POST, "/prayers/{prayer}/other-words", MEMBER, prayers::generateOther),
            new Route(POST, "/prayers/{prayer}/no-words", MEMBER, prayers::detachPrayer),
            new Route(POST, "/prayers/{prayer}/praise", MEMBER, prayers::praise),
            new Route(POST, "/prayers/{prayer}/archive", MEMBER, prayers::archive),
            new Route(POST, "/prayers/{prayer}/restore", MEMBER, prayers::restore),
            new Route(POST, "/prayers/{prayer}/visibility", MEMBER, prayers::visibility),
            new Route(POST, "/prayers/{prayer}/report", MEMBER, prayers::report),

            // Sign-ins and members.
            new Route(GET, "/sign-ins", MEMBER, approvals::show),
            new Route(POST, "/sign-ins/{request}/vouch", MEMBER, approvals::approve),
            new Route(POST, "/sign-ins/{request}/reject", MEMBER, approvals::reject),
            new Route(POST, "/sign-ins/{request}/mute", MEMBER, approvals::mute),
            new Route(POST, "/me/muted/{mute}/end", MEMBER, approvals::unmute),
            new Route(POST, "/me/entered/{notice}/known", MEMBER, approvals::own),
            new Route(POST, "/me/entered/{notice}/unknown", MEMBER, approvals::disown),
            new Route(GET, "/invites", MEMBER, invites::show),
            new Route(POST, "/invites", MEMBER, invites::make),
            new Route(POST, "/invites/{invite}/renew", MEMBER, invites::renew),
            new Route(POST, "/invites/{invite}/revoke", MEMBER, invites::revoke),
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
            new Route(GET, "/me", MEMBER, account::show),
            new Route(GET, "/me/data", MEMBER, account::data),
            new Route(POST, "/me/recovery-codes", MEMBER, codes::make),
            new Route(GET, "/me/proof", MEMBER, codes::showProof),
            new Route(POST, "/me/proof", MEMBER, codes::prove),
            new Route(POST, "/me/link", MEMBER, account::makeLink),
            new Route(POST, "/me/devices/{session}/end", MEMBER, account::endDevice),
            new Route(POST, "/me/other-devices/end", MEMBER, account::endOtherDevices),
            new Route(POST, "/me/welcome", MEMBER, account::dismissWelcome),

            // Moderation and administration.
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
