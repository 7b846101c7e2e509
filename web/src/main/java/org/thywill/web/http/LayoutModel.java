package org.thywill.web.http;

import java.util.Set;
import org.thywill.community.settings.Feature;

/**
 * What surrounds every page.
 *
 * @param name of the member who looks; empty for others
 * @param handle of that member; empty for others
 * @param token that each form of the page carries, to show that it is one of ours
 * @param idempotencyKey an id of this page, so that a button of it that is pressed twice counts
 *     once
 * @param flash the sentence that the page begins with; empty for none
 * @param path of the page, so that its entry in the menu is marked
 * @param waiting sign-ins that the member may vouch for
 * @param applications that wait for a decision, if the member is one who decides
 * @param reports prayers that wait for a moderator, if the member is one
 * @param isOperator whether the member sees the console and the settings
 * @param mayManageMembers whether the member decides about sign-ins of others
 * @param features that are turned on
 * @param hasGiving whether the page of giving is there
 * @param styleVersion part of the address of the stylesheet, so that a new one is fetched
 */
public record LayoutModel(
    String title,
    String name,
    String handle,
    String token,
    String idempotencyKey,
    String flash,
    String path,
    long waiting,
    long applications,
    long reports,
    boolean isModerator,
    boolean isOperator,
    boolean mayManageMembers,
    Set<Feature> features,
    boolean hasGiving,
    String styleVersion) {
  public boolean isMember() {
    return !handle.isEmpty();
  }

  public boolean has(Feature feature) {
    return features.contains(feature);
  }
}
