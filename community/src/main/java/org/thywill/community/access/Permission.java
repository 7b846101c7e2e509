package org.thywill.community.access;

/**
 * Something that not every member may do. Roles name permissions by their words, which are those of
 * the Python original.
 */
public enum Permission {
  MODERATE_PRAYERS("moderate.prayers", "hide prayers or show them again"),
  MANAGE_PRAYERS("admin.prayers", "answer or archive prayers of others"),
  MANAGE_MEMBERS("admin.users", "decide about sign-ins, invites and accounts of others"),
  MANAGE_ROLES("admin.roles", "define, grant or revoke roles"),
  MANAGE_SYSTEM("admin.system", "change settings and features");

  /** Stands for every permission. */
  static final String EVERYTHING = "*";

  /**
   * Of a role that allows nothing else: whoever has it takes part. A role without any word shuts
   * out.
   */
  static final String TAKE_PART = "take.part";

  private final String label;
  private final String phrase;

  Permission(String word, String phrase) {
    this.label = word;
    this.phrase = phrase;
  }

  /** The word in the permissions of a role. */
  public String label() {
    return label;
  }

  /** What it allows, to follow {@code may}. */
  public String phrase() {
    return phrase;
  }
}
