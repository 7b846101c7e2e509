package org.thywill.web.http;

import java.util.Set;
import org.thywill.community.settings.Feature;

/**
 * What the layout around every page shows.
 *
 * @param features that are turned on
 * @param hasDonations whether there is a page of donations
 * @param isReadOnly whether the server takes no changes now
 */
public record LayoutModel(
    PageModel page,
    Viewer viewer,
    Waiting waiting,
    Set<Feature> features,
    boolean hasDonations,
    boolean isReadOnly) {
  /**
   * What belongs to the page itself.
   *
   * @param title for the window
   * @param path of the page, so that its entry in the menu is marked
   * @param formToken the CSRF token for the forms of the page; may be empty
   * @param idempotencyKey an id of this page: a button that is pressed twice counts once
   * @param message the sentence at the top of the page; empty for none
   */
  public record PageModel(
      String title, String path, String formToken, String idempotencyKey, String message) {}

  /**
   * The member who looks at the page; a visitor's name and handle are empty.
   *
   * @param isModerator whether the menu offers moderation
   * @param isOperator whether the menu offers console and settings
   * @param mayManageMembers whether the member decides about applications and sign-ins of others
   */
  public record Viewer(
      String name,
      String handle,
      boolean isModerator,
      boolean isOperator,
      boolean mayManageMembers) {
    static final Viewer VISITOR = new Viewer("", "", false, false, false);
  }

  /**
   * What waits for the member who looks; what they cannot decide counts as 0.
   *
   * @param signIns that can be approved
   * @param applications that can be decided
   * @param reports of prayers that can be moderated
   */
  public record Waiting(long signIns, long applications, long reports) {
    static final Waiting NOTHING = new Waiting(0, 0, 0);
  }

  /** The layout that a visitor sees. */
  static LayoutModel forVisitor(PageModel page, Set<Feature> features, boolean isReadOnly) {
    return new LayoutModel(page, Viewer.VISITOR, Waiting.NOTHING, features, false, isReadOnly);
  }

  /** The layout of a page that must be shown though the view cannot be read. */
  static LayoutModel bare(String title, boolean isReadOnly) {
    return forVisitor(new PageModel(title, "", "", "", ""), Set.of(), isReadOnly);
  }

  public boolean isMember() {
    return !viewer.handle().isEmpty();
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }

  /** A part of the addresses of style and script. */
  public String assetVersion() {
    return Assets.VERSION;
  }
}
