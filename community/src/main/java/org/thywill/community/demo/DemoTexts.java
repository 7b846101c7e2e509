package org.thywill.community.demo;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The names and texts of an invented community.
 *
 * <p>They are in the resources {@code names.txt} and {@code story.txt}, each of which describes its
 * own format.
 */
final class DemoTexts {
  private static final Map<String, List<String>> SLOTS =
      Map.of(
          "{relative}",
              List.of(
                  "mother",
                  "father",
                  "grandmother",
                  "aunt",
                  "cousin",
                  "brother-in-law",
                  "godson",
                  "uncle",
                  "niece"),
          "{friend}",
              List.of(
                  "Ansel",
                  "Ottoline",
                  "Bram",
                  "Marisol",
                  "Kofi",
                  "Iris",
                  "Tomasz",
                  "Selam",
                  "Wren",
                  "Jun",
                  "Abel",
                  "Odile"),
          "{she}",
              List.of(
                  "Ottoline", "Marisol", "Iris", "Selam", "Odile", "Perpetua", "Linnea", "Amara"),
          "{he}", List.of("Ansel", "Bram", "Kofi", "Tomasz", "Abel", "Leander", "Emeka", "Ruben"),
          "{place}",
              List.of(
                  "Saltmarsh",
                  "Upper Linden",
                  "the valley",
                  "Quiet Harbour",
                  "Three Wells",
                  "Birchwater",
                  "Hillfoot"),
          "{number}", List.of("3", "4", "5", "6", "7", "8", "9"),
          "{weekday}", List.of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"));
  private static final List<String> SLOT_ORDER =
      List.of("{relative}", "{friend}", "{she}", "{he}", "{place}", "{number}", "{weekday}");

  private final Map<String, List<Entry>> sections = new LinkedHashMap<>();
  private final List<String> names = new ArrayList<>();

  /** A request with the testimonies that fit it. */
  private record Entry(StringBuilder request, List<StringBuilder> testimonies) {}

  /**
   * A request to be asked.
   *
   * @param testimony for the case that it is answered, or null
   */
  record Asked(String request, @Nullable String testimony) {}

  private DemoTexts() {}

  /** Reads the resources of the program. */
  static DemoTexts read() throws IOException {
    DemoTexts texts = new DemoTexts();
    texts.readRequests(lines("story.txt"));
    texts.readNames(lines("names.txt"));
    return texts;
  }

  private static List<String> lines(String resource) throws IOException {
    InputStream in =
        Objects.requireNonNull(DemoTexts.class.getResourceAsStream(resource), resource);
    try (BufferedReader reader =
        new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
      return reader.lines().filter(line -> !line.startsWith("#")).toList();
    }
  }

  private void readRequests(List<String> lines) {
    List<Entry> section = new ArrayList<>();
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.isEmpty()) {
        continue;
      }
      switch (line.charAt(0)) {
        case '=' -> {
          section = new ArrayList<>();
          sections.put(content(line), section);
        }
        case '?' -> {
          text = new StringBuilder(content(line));
          section.add(new Entry(text, new ArrayList<>()));
        }
        case '!' -> {
          text = new StringBuilder(content(line));
          section.getLast().testimonies().add(text);
        }
        default -> text.append('\n').append(content(line));
      }
    }
  }

  /** The text after the sign at the beginning of a line. */
  private static String content(String line) {
    return line.length() < 2 ? "" : line.substring(2);
  }

  /** Takes one name of each group in turn, so that a small community has names of many kinds. */
  private void readNames(List<String> lines) {
    List<List<String>> groups = lines.stream().map(DemoTexts::namesOf).toList();
    for (int round = 0; groups.stream().anyMatch(hasMoreThan(round)); round++) {
      for (List<String> group : groups.stream().filter(hasMoreThan(round)).toList()) {
        names.add(group.get(round));
      }
    }
  }

  private static Predicate<List<String>> hasMoreThan(int count) {
    return group -> group.size() > count;
  }

  /** All names of one group, in an order in which neighbours differ in both parts if possible. */
  private static List<String> namesOf(String line) {
    List<String> parts = List.of(line.split("\\|", -1));
    List<String> given = List.of(parts.get(1).split(", ", -1));
    List<String> family = List.of(parts.get(2).split(", ", -1));
    List<String> found = new ArrayList<>();
    for (int shift = 0; shift < family.size(); shift++) {
      for (int i = 0; i < given.size(); i++) {
        String last = family.get((i + shift) % family.size());
        found.add(
            switch (parts.get(0)) {
              case "given family" -> given.get(i) + " " + last;
              case "family given" -> last + " " + given.get(i);
              default -> last + given.get(i);
            });
      }
    }
    return found;
  }

  /** The name of a member, counted from 0. No two members have the same name. */
  String name(int number) {
    int round = number / names.size();
    return names.get(number % names.size()) + (round == 0 ? "" : " " + (round + 1));
  }

  /** An ordinary request. */
  Asked request(RandomGenerator random) {
    Entry entry = any("ordinary", random);
    Map<String, String> words = words(random);
    String request = entry.request().toString();
    boolean mayBeFramed =
        request.codePoints().allMatch(codePoint -> codePoint >= ' ' && codePoint < 0x250);
    boolean isEnglish = mayBeFramed && request.contains(" the ");
    String framed =
        (isEnglish && random.nextInt(3) == 0 ? any("opening", random).request() + " " : "")
            + request
            + (isEnglish && random.nextInt(3) == 0 ? " " + any("closing", random).request() : "");
    return new Asked(
        fill(framed, words),
        entry.testimonies().stream()
            .findFirst()
            .map(testimony -> fill(testimony.toString(), words))
            .orElse(null));
  }

  /** A request that moderators hide. */
  String troublingRequest(RandomGenerator random) {
    return fill(any("troubling", random).request().toString(), words(random));
  }

  /** The text that replaces such a request after a talk with the author. */
  String gentlerRequest(RandomGenerator random) {
    return fill(any("gentler", random).request().toString(), words(random));
  }

  private Entry any(String section, RandomGenerator random) {
    List<Entry> entries = Objects.requireNonNull(sections.get(section), section);
    return entries.get(random.nextInt(entries.size()));
  }

  private static Map<String, String> words(RandomGenerator random) {
    Map<String, String> words = new HashMap<>();
    for (String slot : SLOT_ORDER) {
      List<String> choices = Objects.requireNonNull(SLOTS.get(slot));
      words.put(slot, choices.get(random.nextInt(choices.size())));
    }
    return words;
  }

  private static String fill(String text, Map<String, String> words) {
    String filled = text;
    for (String slot : SLOT_ORDER) {
      filled = filled.replace(slot, words.getOrDefault(slot, ""));
    }
    return filled;
  }
}
