package org.thywill.ledger;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.thywill.catalog.Catalog;
import org.thywill.catalog.Change;
import org.thywill.catalog.ColumnType;
import org.thywill.catalog.Row;
import org.thywill.catalog.Table;
import org.thywill.catalog.Values;
import org.thywill.ledger.ReferenceModel.Plan;
import org.thywill.ledger.ReferenceModel.Step;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.HostileText;

/** Makes the transactions of a lively and ill-behaved community, from a seed. */
final class WorkloadGenerator {
  private final RandomGenerator random;
  private final HostileText texts;
  private final HostileRows rows;
  private long made;

  WorkloadGenerator(RandomGenerator random) {
    this.random = random;
    this.texts = new HostileText(random);
    this.rows = new HostileRows(random);
    this.made = random.nextLong(1L << 40); // no two simulations make the same ids
  }

  /** A transaction that fits the model, or one that must be refused. */
  Plan next(ReferenceModel model) {
    made++;
    if (model.rows(Catalog.MEMBERS).size() < 2) {
      return new Plan(cause(model), join(model));
    }
    int kind = random.nextInt(20);
    if (kind == 0 && !model.requests().isEmpty()) {
      return new Plan(
          cause(model).withIdempotencyKey(pick(List.copyOf(model.requests().keySet()))),
          join(model));
    }
    Change.Cause cause = cause(model);
    return switch (kind) {
      case 1, 2 -> new Plan(cause, join(model));
      case 3, 4, 5 -> new Plan(cause, ask(model));
      case 6, 7, 8 -> new Plan(cause, pray(model));
      case 9, 10, 11 -> new Plan(cause, setAttribute(model));
      case 12 -> new Plan(cause, moderate(model));
      case 13, 14 -> new Plan(cause, changeSetting(model));
      case 15 -> new Plan(cause, assignRole(model));
      case 16 -> new Plan(cause, invite());
      case 17 -> new Plan(cause, List.of(new Step.Add(operation())));
      default -> refused(cause, model);
    };
  }

  private Change.Cause cause(ReferenceModel model) {
    String actor = model.rows(Catalog.MEMBERS).isEmpty() ? "system" : anyMember(model);
    return new Change.Cause(
        actor.isEmpty() ? "system" : actor,
        random.nextInt(3) == 0 ? text() : "",
        "",
        random.nextInt(3) == 0 ? "request-" + made + ":" + text() : "");
  }

  private List<Step> join(ReferenceModel model) {
    List<Step> steps = new ArrayList<>();
    String handle = random.nextBoolean() ? "member_" + made : text();
    while (model.find(Catalog.MEMBERS, handle).isPresent() || handle.equals("system")) {
      handle += "_2";
    }
    List<Row> invites = List.copyOf(model.rows(Catalog.INVITES).values());
    String invite = invites.isEmpty() ? null : pick(invites).key();
    steps.add(
        new Step.Add(
            filled(Catalog.MEMBERS, handle)
                .with(
                    Values.of(Catalog.Members.INVITED_BY, null)
                        .and(Catalog.Members.INVITE, invite))));
    if (invite != null) {
      Row before = model.find(Catalog.INVITES, invite).orElseThrow();
      steps.add(
          new Step.Add(
              filled(
                  Catalog.INVITE_USES,
                  "use_" + made,
                  Values.of(Catalog.InviteUses.INVITE, invite)
                      .and(Catalog.InviteUses.MEMBER, handle))));
      steps.add(
          new Step.Change(
              before,
              Values.of(
                      Catalog.Invites.USED_COUNT,
                      before.get(Catalog.Invites.USED_COUNT).orElse(0L) + 1)
                  .and(Catalog.Invites.USED_BY, handle)));
    }
    return steps;
  }

  private List<Step> ask(ReferenceModel model) {
    String id = random.nextBoolean() ? "p" + made : made + ":" + text();
    String author = anyMember(model);
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step.Add(
            filled(
                Catalog.PRAYERS,
                id,
                Values.of(Catalog.Prayers.AUTHOR, author)
                    .and(Catalog.Prayers.MODERATION, "open"))));
    if (random.nextBoolean()) {
      steps.add(
          new Step.Add(
              filled(
                  Catalog.ACTIVITY,
                  "act" + made,
                  Values.of(Catalog.Activity.MEMBER, author)
                      .and(Catalog.Activity.PRAYER, id)
                      .and(Catalog.Activity.ACTION, "asked"))));
    }
    return steps;
  }

  private List<Step> pray(ReferenceModel model) {
    if (model.rows(Catalog.PRAYERS).isEmpty()) {
      return ask(model);
    }
    String prayer = pick(List.copyOf(model.rows(Catalog.PRAYERS).keySet()));
    String member = anyMember(model);
    boolean isSkip = random.nextInt(4) == 0;
    return List.of(
        new Step.Add(
            isSkip
                ? filled(
                    Catalog.SKIPS,
                    "mark" + made,
                    Values.of(Catalog.Skips.PRAYER, prayer).and(Catalog.Skips.MEMBER, member))
                : filled(
                    Catalog.MARKS,
                    "mark" + made,
                    Values.of(Catalog.Marks.PRAYER, prayer).and(Catalog.Marks.MEMBER, member))),
        new Step.Add(
            filled(
                Catalog.ACTIVITY,
                "act" + made,
                Values.of(Catalog.Activity.MEMBER, member)
                    .and(Catalog.Activity.PRAYER, prayer)
                    .and(Catalog.Activity.ACTION, "prayed"))));
  }

  /**
   * Sets an attribute. There are few ids, so that attributes are changed, removed, and added again.
   */
  private List<Step> setAttribute(ReferenceModel model) {
    if (model.rows(Catalog.PRAYERS).isEmpty()) {
      return ask(model);
    }
    String id = "said" + random.nextInt(6);
    String prayer = pick(List.copyOf(model.rows(Catalog.PRAYERS).keySet()));
    Row present = model.find(Catalog.ATTRIBUTES, id).orElse(null);
    Row added =
        filled(
                Catalog.ATTRIBUTES,
                id,
                Values.of(Catalog.Attributes.PRAYER, prayer)
                    .and(Catalog.Attributes.NAME, pick(List.of("answered", "archived", "flagged"))))
            .with(Values.of(Catalog.Attributes.CREATED_BY, anyMember(model)));
    if (present == null) {
      return List.of(new Step.Add(added));
    }
    return switch (random.nextInt(4)) {
      case 0 ->
          List.of(
              new Step.Change(
                  present,
                  Values.of(Catalog.Attributes.VALUE, random.nextBoolean() ? null : text())));
      case 1 ->
          List.of(
              new Step.Change(
                  present,
                  Values.of(
                      Catalog.Attributes.VALUE,
                      present.get(Catalog.Attributes.VALUE).orElse(null))));
      case 2 -> List.of(new Step.Remove(present));
      default -> List.of(new Step.Remove(present), new Step.Add(added));
    };
  }

  private List<Step> moderate(ReferenceModel model) {
    if (model.rows(Catalog.PRAYERS).isEmpty()) {
      return ask(model);
    }
    Row prayer = pick(List.copyOf(model.rows(Catalog.PRAYERS).values()));
    return List.of(
        new Step.Change(
            prayer,
            Values.of(Catalog.Prayers.MODERATION, text())
                .and(Catalog.Prayers.GENERATED_PRAYER, random.nextBoolean() ? null : text())));
  }

  private List<Step> changeSetting(ReferenceModel model) {
    String name = pick(List.of("PEER_APPROVAL_COUNT", "Setting.2", "x"));
    Row present = model.find(Catalog.SETTINGS, name).orElse(null);
    return present == null
        ? List.of(new Step.Add(filled(Catalog.SETTINGS, name)))
        : List.of(
            random.nextInt(4) == 0
                ? new Step.Remove(present)
                : new Step.Change(present, Values.of(Catalog.Settings.VALUE, text())));
  }

  private List<Step> assignRole(ReferenceModel model) {
    List<Step> steps = new ArrayList<>();
    List<Row> roles = List.copyOf(model.rows(Catalog.ROLES).values());
    List<Row> given = List.copyOf(model.rows(Catalog.ROLE_ASSIGNMENTS).values());
    if (!given.isEmpty() && random.nextInt(3) == 0) {
      return List.of(new Step.Remove(pick(given)));
    }
    String role =
        roles.isEmpty() || random.nextInt(3) == 0
            ? "role " + made + ":" + text()
            : pick(roles).key();
    if (model.find(Catalog.ROLES, role).isEmpty()) {
      steps.add(
          new Step.Add(
              filled(Catalog.ROLES, role).with(Values.of(Catalog.Roles.CREATED_BY, "system"))));
    }
    steps.add(
        new Step.Add(
            filled(
                    Catalog.ROLE_ASSIGNMENTS,
                    "given" + made,
                    Values.of(Catalog.RoleAssignments.MEMBER, anyMember(model))
                        .and(Catalog.RoleAssignments.ROLE, role))
                .with(Values.of(Catalog.RoleAssignments.GRANTED_BY, "system"))));
    return steps;
  }

  private List<Step> invite() {
    return List.of(
        new Step.Add(
            filled(Catalog.INVITES, made + ":" + text(), Values.of(Catalog.Invites.USED_COUNT, 0L))
                .with(
                    Values.of(Catalog.Invites.CREATED_BY, "system")
                        .and(Catalog.Invites.MAX_USES, random.nextInt(3) == 0 ? null : 2L)
                        .and(Catalog.Invites.USED_BY, null))));
  }

  private Row operation() {
    return filled(Catalog.OPERATIONS, "op" + made);
  }

  /** Some valid steps, and then one that undoes them. */
  private Plan refused(Change.Cause cause, ReferenceModel model) {
    List<Step> steps = new ArrayList<>(random.nextBoolean() ? List.of() : ask(model));
    Row member = pick(List.copyOf(model.rows(Catalog.MEMBERS).values()));
    Row orphan =
        filled(
            Catalog.MARKS,
            "never" + made,
            Values.of(Catalog.Marks.PRAYER, "no such prayer " + made)
                .and(Catalog.Marks.MEMBER, member.key()));
    steps.add(
        new Step.Refused(
            switch (random.nextInt(8)) {
              case 0 -> tx -> tx.add(member);
              case 1 -> tx -> tx.add(orphan);
              case 2 ->
                  tx ->
                      tx.change(
                          Catalog.MEMBERS,
                          member.key(),
                          Values.of(Catalog.Members.DISPLAY_NAME, null));
              case 3 -> tx -> tx.remove(Catalog.MARKS, "no such mark");
              case 4 -> tx -> tx.add(filled(Catalog.SETTINGS, "a=b|c"));
              case 5 ->
                  tx ->
                      tx.change(
                          Catalog.MEMBERS,
                          member.key(),
                          Values.of(Catalog.Members.DISPLAY_NAME, "half a character \uD800"));
              case 6 ->
                  tx -> {
                    throw new IOException("a failure of the caller");
                  };
              default ->
                  tx -> {
                    throw new AssertionError("a defect of the caller");
                  };
            }));
    return new Plan(cause, steps);
  }

  /** A hostile row with all required values. References that are not given are left out. */
  private Row filled(Table table, String key, Values given) {
    return filled(table, key, given.byName());
  }

  private Row filled(Table table, String key) {
    return filled(table, key, Map.of());
  }

  private Row filled(Table table, String key, Map<String, @Nullable Object> given) {
    Map<String, @Nullable Object> values = new HashMap<>(given);
    for (var column : table.columns()) {
      boolean reference = column.isReference();
      if (!given.containsKey(column.name()) && !column.name().equals(table.keyColumn().name())) {
        boolean mayBeNull = !column.required() && random.nextInt(4) == 0;
        values.put(column.name(), reference || mayBeNull ? null : value(column.type()));
      }
    }
    return Row.in(table).set(table.keyColumn(), key).build().with(values);
  }

  private Object value(ColumnType type) {
    return type == ColumnType.TEXT ? text() : rows.value(type);
  }

  /**
   * A text; mostly short, to make thousands of runs possible, and sometimes longer than some
   * sectors of a disk.
   */
  private String text() {
    if (random.nextInt(3) == 0) {
      return "plain " + made;
    }
    String text = texts.next();
    while (text.length() > 60 && random.nextInt(60) != 0) {
      text = texts.next();
    }
    return text;
  }

  private String anyMember(ReferenceModel model) {
    return pick(List.copyOf(model.rows(Catalog.MEMBERS).keySet()));
  }

  private <T> T pick(List<T> some) {
    return some.get(random.nextInt(some.size()));
  }
}
