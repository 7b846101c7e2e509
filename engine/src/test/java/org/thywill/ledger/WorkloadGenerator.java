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
import org.thywill.ledger.ReferenceModel.Plan;
import org.thywill.ledger.ReferenceModel.Step;
import org.thywill.simulation.HostileRows;
import org.thywill.simulation.HostileText;

/**
 * What the members of a lively and ill-behaved community wish for, one wish after the other;
 * follows from a seed.
 */
final class WorkloadGenerator {
  private final RandomGenerator random;
  private final HostileText texts;
  private final HostileRows rows;
  private long made;

  WorkloadGenerator(RandomGenerator random) {
    this.random = random;
    this.texts = new HostileText(random);
    this.rows = new HostileRows(random);
    this.made = random.nextLong(1L << 40); // no two worlds make the same ids
  }

  /** A wish that fits what is there, or one that must be refused. */
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
      case 9, 10, 11 -> new Plan(cause, say(model));
      case 12 -> new Plan(cause, moderate(model));
      case 13, 14 -> new Plan(cause, set(model));
      case 15 -> new Plan(cause, appoint(model));
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
            filled(Catalog.MEMBERS, handle, Map.of())
                .with(values("invited_by", null, "invite", invite))));
    if (invite != null) {
      Row before = model.find(Catalog.INVITES, invite).orElseThrow();
      steps.add(
          new Step.Add(
              filled(
                  Catalog.INVITE_USES, "use_" + made, Map.of("invite", invite, "member", handle))));
      steps.add(
          new Step.Change(
              before,
              values("used_count", before.number("used_count").orElse(0L) + 1, "used_by", handle)));
    }
    return steps;
  }

  private List<Step> ask(ReferenceModel model) {
    String id = random.nextBoolean() ? "p" + made : made + ":" + text();
    String author = anyMember(model);
    List<Step> steps = new ArrayList<>();
    steps.add(
        new Step.Add(filled(Catalog.PRAYERS, id, Map.of("author", author, "moderation", "open"))));
    if (random.nextBoolean()) {
      steps.add(
          new Step.Add(
              filled(
                  Catalog.ACTIVITY,
                  "act" + made,
                  Map.of("member", author, "prayer", id, "action", "asked"))));
    }
    return steps;
  }

  private List<Step> pray(ReferenceModel model) {
    if (model.rows(Catalog.PRAYERS).isEmpty()) {
      return ask(model);
    }
    String prayer = pick(List.copyOf(model.rows(Catalog.PRAYERS).keySet()));
    String member = anyMember(model);
    Table table = random.nextInt(4) == 0 ? Catalog.SKIPS : Catalog.MARKS;
    return List.of(
        new Step.Add(filled(table, "mark" + made, Map.of("prayer", prayer, "member", member))),
        new Step.Add(
            filled(
                Catalog.ACTIVITY,
                "act" + made,
                Map.of("member", member, "prayer", prayer, "action", "prayed"))));
  }

  /**
   * Attributes have few ids, so that they are changed, removed, and added again under the same id.
   */
  private List<Step> say(ReferenceModel model) {
    if (model.rows(Catalog.PRAYERS).isEmpty()) {
      return ask(model);
    }
    String id = "said" + random.nextInt(6);
    String prayer = pick(List.copyOf(model.rows(Catalog.PRAYERS).keySet()));
    Row there = model.find(Catalog.ATTRIBUTES, id).orElse(null);
    Row added =
        filled(
                Catalog.ATTRIBUTES,
                id,
                Map.of("prayer", prayer, "name", pick(List.of("answered", "archived", "flagged"))))
            .with(values("created_by", anyMember(model)));
    if (there == null) {
      return List.of(new Step.Add(added));
    }
    return switch (random.nextInt(4)) {
      case 0 ->
          List.of(new Step.Change(there, values("value", random.nextBoolean() ? null : text())));
      case 1 -> List.of(new Step.Change(there, values("value", there.value("value"))));
      case 2 -> List.of(new Step.Remove(there));
      default -> List.of(new Step.Remove(there), new Step.Add(added));
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
            values(
                "moderation", text(), "generated_prayer", random.nextBoolean() ? null : text())));
  }

  private List<Step> set(ReferenceModel model) {
    String name = pick(List.of("PEER_APPROVAL_COUNT", "Setting.2", "x"));
    Row there = model.find(Catalog.SETTINGS, name).orElse(null);
    return there == null
        ? List.of(new Step.Add(filled(Catalog.SETTINGS, name, Map.of())))
        : List.of(
            random.nextInt(4) == 0
                ? new Step.Remove(there)
                : new Step.Change(there, values("value", text())));
  }

  private List<Step> appoint(ReferenceModel model) {
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
          new Step.Add(filled(Catalog.ROLES, role, Map.of()).with(values("created_by", "system"))));
    }
    steps.add(
        new Step.Add(
            filled(
                    Catalog.ROLE_ASSIGNMENTS,
                    "given" + made,
                    Map.of("member", anyMember(model), "role", role))
                .with(values("granted_by", "system"))));
    return steps;
  }

  private List<Step> invite() {
    return List.of(
        new Step.Add(
            filled(Catalog.INVITES, made + ":" + text(), Map.of("used_count", 0L))
                .with(
                    values(
                        "created_by",
                        "system",
                        "max_uses",
                        random.nextInt(3) == 0 ? null : 2L,
                        "used_by",
                        null))));
  }

  private Row operation() {
    return filled(Catalog.OPERATIONS, "op" + made, Map.of());
  }

  /** Some good steps, and then one that takes them back. */
  private Plan refused(Change.Cause cause, ReferenceModel model) {
    List<Step> steps = new ArrayList<>(random.nextBoolean() ? List.of() : ask(model));
    Row member = pick(List.copyOf(model.rows(Catalog.MEMBERS).values()));
    Row homeless =
        filled(
            Catalog.MARKS,
            "never" + made,
            Map.of("prayer", "no such prayer " + made, "member", member.key()));
    steps.add(
        new Step.Refused(
            switch (random.nextInt(8)) {
              case 0 -> tx -> tx.add(member);
              case 1 -> tx -> tx.add(homeless);
              case 2 ->
                  tx -> tx.change(Catalog.MEMBERS, member.key(), values("display_name", null));
              case 3 -> tx -> tx.remove(Catalog.MARKS, "no such mark");
              case 4 -> tx -> tx.add(filled(Catalog.SETTINGS, "a=b|c", Map.of()));
              case 5 ->
                  tx ->
                      tx.change(
                          Catalog.MEMBERS,
                          member.key(),
                          values("display_name", "half a character \uD800"));
              case 6 ->
                  tx -> {
                    throw new IOException("the caller's own trouble");
                  };
              default ->
                  tx -> {
                    throw new AssertionError("a mistake in the caller's own code");
                  };
            }));
    return new Plan(cause, steps);
  }

  /**
   * A hostile row that lacks nothing, with some values given; references that are not given are
   * left out.
   */
  private Row filled(Table table, String key, Map<String, Object> given) {
    Map<String, @Nullable Object> values = new HashMap<>(given);
    for (var column : table.columns()) {
      boolean reference = column.isReference();
      if (!given.containsKey(column.name()) && !column.name().equals(table.keyColumn().name())) {
        boolean mayBeNull = !column.required() && random.nextInt(4) == 0;
        values.put(column.name(), reference || mayBeNull ? null : value(column.type()));
      }
    }
    return Row.in(table).set(table.keyColumn().name(), key).build().with(values);
  }

  private Object value(ColumnType type) {
    return type == ColumnType.TEXT ? text() : rows.value(type);
  }

  /**
   * Mostly short, so that thousands of communities can be played through; now and then longer than
   * a few sectors of a disk.
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

  /** Values by name, some of them null. */
  private static Map<String, @Nullable Object> values(@Nullable Object... pairs) {
    Map<String, @Nullable Object> values = new HashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(String.valueOf(pairs[i]), pairs[i + 1]);
    }
    return values;
  }
}
