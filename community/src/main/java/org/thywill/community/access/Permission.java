package org.thywill.community.access;

/** Something that not every member may do. The words in roles are those of the original. */
public enum Permission {
  MODERATE_PRAYERS("moderate.prayers", "hide prayers or show them again"),
  MANAGE_PRAYERS("admin.prayers", "answer or archive prayers of others"),
  MANAGE_MEMBERS("admin.users", "decide about sign-ins, invites and accounts of others"),
  MANAGE_ROLES("admin.roles", "define, grant or revoke roles"),
  MANAGE_SYSTEM("admin.system", "change settings and features");

  /** The word that means every permission. */
  static final String EVERYTHING = "*";

  /**
   * The word of a role that allows no more than to take part. A role without any word deactivates
   * the account.
   */
  static final String TAKE_PART = "take.part";

  private final String label;
  private final String phrase;

  Permission(String label, String phrase) {
    this.label = label;
    this.phrase = phrase;
  }

  /** The word in the permissions of a role. */
  public String label() {
    return label;
  }

  /** What it allows, as words that follow {@code may}. */
  public String phrase() {
    return phrase;
  }
}
