package org.thywill.community.settings;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.thywill.catalog.Catalog;
import org.thywill.operations.settings.ArchivedSettings;
import org.thywill.operations.settings.KnownSettings;
import org.thywill.view.ViewReader;

/**
 * A setting as admins see it.
 *
 * @param value empty for a secret, and for what has no value
 * @param origin where the value came from, in the words of the archive
 * @param mayBeTakenBack whether an admin can return it to its default
 * @param isOfTheMachine whether only the operator can set it, on the machine of the server
 */
public record SettingView(
    String name, String value, String origin, boolean mayBeTakenBack, boolean isOfTheMachine) {

  /** All settings that have a row, in the order of their names. */
  public static List<SettingView> all(ViewReader view) throws IOException {
    List<SettingView> all = new ArrayList<>();
    view.forEach(
        Catalog.SETTINGS,
        row ->
            all.add(
                new SettingView(
                    row.key(),
                    row.get(Catalog.Settings.VALUE).orElse(""),
                    row.get(Catalog.Settings.ORIGIN).orElse(""),
                    ArchivedSettings.mayBeTakenBack(row),
                    KnownSettings.isSetByTheOperator(row.key()))));
    return all;
  }
}
