package org.thywill.web.http;

import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The message at the top of the page that follows a change. Only its name is in the address, so
 * that a link cannot make the server show other words.
 */
public enum FlashMessage {
  NOTHING(""),
  WELCOME("Welcome. It is good that you are here."),
  SIGNED_IN("You are signed in."),
  SIGNED_OUT("You are signed out on this device."),
  SESSION_ENDED("That device is signed out."),
  OTHER_DEVICES_ENDED("All your other devices are signed out."),
  DEVICE_KNOWN("Thank you. The device stays signed in."),
  CODE_USED("You are signed in. That recovery code is used up; cross it out."),
  PROVEN("Thank you. Now do once more what you wanted to do. That recovery code is used up."),
  MUTED("You do not see requests from there any more, for a week."),
  UNMUTED("You see requests from there again."),
  VOUCHED("Thank you. You have vouched for this sign-in; it needs one more voice or several."),
  APPROVED("Thank you. The new device is signed in."),
  REJECTED("The sign-in was refused, and its device has nothing any more."),
  ASKED("Your request is posted. Others can pray for it now."),
  EDITED("Your words are changed. What stood there before is kept in the log."),
  COMPOSED("There is a new prayer for your request."),
  COMPOSING("Other words are on their way."),
  DETACHED("There is no prayer beside your request any more; others pray your own words."),
  PRAYED("Thank you for praying."),
  SKIPPED("Passed over; it comes back later."),
  PRAISED("Thank you for telling. The others will be glad."),
  ARCHIVED("The prayer is put away. You find it under Archived."),
  RESTORED("The prayer is back."),
  VISIBILITY_SET("It is now visible as you chose."),
  REPORTED("Thank you. A moderator will look at it."),
  HIDDEN("The prayer is hidden. Its author sees why."),
  SHOWN("The prayer is shown."),
  REVOKED("The invite is revoked."),
  ROLE_DEFINED("The role is there, and can be granted on the page of a member."),
  ROLE_REDEFINED("The role is changed, for all who have it."),
  ROLE_GRANTED("The role is granted."),
  ROLE_REVOKED("The role is taken back."),
  APPLIED("Thank you. Your application is with those who look after the community."),
  APPLICATION_APPROVED("The applicant finds an invite on the page of the application."),
  APPLICATION_REJECTED("The application is declined."),
  DEACTIVATED("The account rests: its devices are signed out, and its invites are closed."),
  REACTIVATED("The account is active again. Roles that it had must be granted anew."),
  BADGES_SET("The badges are as you chose."),
  NEWS_ADDED("Thank you. Members read it on this page."),
  NEWS_TAKEN_BACK("It is gone from this page; the log keeps that it was here."),
  SETTING_SET("The setting is changed."),
  SETTING_UNSET("The setting is back to its default."),
  FEATURE_SET("The feature is changed."),
  NO_REPORT("There is no report yet."),
  WORK_STARTED("The work has begun; this page shows how far it is.");

  private final String sentence;

  FlashMessage(String sentence) {
    this.sentence = sentence;
  }

  String sentence() {
    return sentence;
  }

  /** The name as it occurs in an address, in lower case. */
  String label() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The message of a name; {@link #NOTHING} for a name that is unknown or null. */
  public static FlashMessage of(@Nullable String label) {
    return Arrays.stream(values())
        .filter(message -> message.label().equals(label))
        .findFirst()
        .orElse(NOTHING);
  }
}
