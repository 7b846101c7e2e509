package org.thywill.web;

/**
 * What surrounds every page.
 *
 * @param name of the member who looks; empty for others
 * @param handle of that member; empty for others
 * @param token that each form of the page carries, to show that it is one of ours
 * @param said the sentence that the page begins with; empty for none
 * @param path of the page, so that its entry in the menu is marked
 * @param waiting sign-ins that the member may vouch for
 * @param reports prayers that wait for a moderator, if the member is one
 * @param isOperator whether the member sees the console and the settings
 * @param mayManageMembers whether the member decides about sign-ins of others
 * @param styleVersion part of the address of the stylesheet, so that a new one is fetched
 */
record Frame(String title, String name, String handle, String token, String said, String path, int waiting, int reports, boolean isModerator,
    boolean isOperator, boolean mayManageMembers, String styleVersion) {
  boolean isMember() {
    return !handle.isEmpty();
  }
}
