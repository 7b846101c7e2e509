package org.thywill.community.generate;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Generates prayers from fixed sentences: without network, and always the same for one request.
 *
 * <p>The subject of a request is guessed from its words. If no subject is recognised, the prayer is
 * a general one.
 */
public final class TemplatePrayerGenerator implements PrayerGenerator {

  /**
   * A subject of requests.
   *
   * @param signs beginnings of words that indicate it, in lower case
   * @param sentences what to pray for it
   */
  private record Theme(List<String> signs, List<String> sentences) {}

  private static final List<String> OPENINGS =
      List.of(
          "Father, you hear before we speak.",
          "Lord, we come to you together with one who asks for our prayers.",
          "God of all comfort, we bring this before you.",
          "Gracious Father, nothing that troubles your children is too small for you.",
          "Lord Jesus, you know this road from the inside.");

  private static final List<Theme> THEMES =
      List.of(
          new Theme(
              List.of(
                  "surgery",
                  "surgeon",
                  "operation",
                  "hospital",
                  "doctor",
                  "cancer",
                  "pain",
                  "heal",
                  "ill",
                  "sick",
                  "scan",
                  "treatment",
                  "fever",
                  "diagnos"),
              List.of(
                  "Lay your hand on this body and on those who care for it, and let every day bring"
                      + " some strength back. You are the LORD who heals. (Exodus 15:26)",
                  "Guide the hands and the judgement of all who treat and nurse, and keep fear from"
                      + " the bedside. Heal, and it shall be healed. (Jeremiah 17:14)")),
          new Theme(
              List.of(
                  "grief",
                  "grieve",
                  "died",
                  "funeral",
                  "loss",
                  "passed away",
                  "mourn",
                  "widow",
                  "buried"),
              List.of(
                  "Stay close in the empty rooms and the long evenings, and let good memories"
                      + " outlast the pain. You are near to the brokenhearted. (Psalm 34:18)",
                  "Let tears be no shame and no stranger, until you wipe away every one of them."
                      + " (Revelation 21:4)")),
          new Theme(
              List.of(
                  "job",
                  "work",
                  "unemploy",
                  "interview",
                  "boss",
                  "business",
                  "shift",
                  "contract",
                  "harvest"),
              List.of(
                  "Open the right door at the right time, and let nobody mistake a wage for their"
                      + " worth. Establish the work of our hands. (Psalm 90:17)",
                  "Give patience while the answer is awaited and courage when it comes. You supply"
                      + " every need. (Philippians 4:19)")),
          new Theme(
              List.of("rent", "money", "debt", "bill", "afford", "loan", "roof", "landlord"),
              List.of(
                  "Provide what is lacking, from whatever side you choose, and quiet the sums that"
                      + " turn in the night. You know what we need. (Matthew 6:32)")),
          new Theme(
              List.of(
                  "marriage",
                  "husband",
                  "wife",
                  "family",
                  "son",
                  "daughter",
                  "brother",
                  "sister",
                  "quarrel",
                  "reconcil",
                  "parents"),
              List.of(
                  "Soften what has hardened in this family, and give somebody the first kind word. "
                      + "Love bears all things. (1 Corinthians 13:7)",
                  "Watch over those who are loved here, near and far, and bring hearts home to each"
                      + " other. (Malachi 4:6)")),
          new Theme(
              List.of("exam", "school", "university", "study", "thesis", "teacher", "class"),
              List.of(
                  "Give a clear mind, honest work and good sleep, and keep the result from being"
                      + " master. If anyone lacks wisdom, you give generously. (James 1:5)")),
          new Theme(
              List.of("travel", "journey", "flight", "road", "driver", "drive", "voyage", "border"),
              List.of(
                  "Go before and behind on the way, and bring every traveller safely to the door. "
                      + "You keep our going out and our coming in. (Psalm 121:8)")),
          new Theme(
              List.of(
                  "anxi",
                  "afraid",
                  "fear",
                  "sleep",
                  "worry",
                  "lonely",
                  "depress",
                  "tired",
                  "exhaust",
                  "overwhelm"),
              List.of(
                  "Give rest to this heart, and one small light for the next step. "
                      + "Cast all your care on him, for he cares for you. (1 Peter 5:7)",
                  "Let the night be quiet and the morning new; your peace is greater than our"
                      + " understanding. (Philippians 4:7)")),
          new Theme(
              List.of("baby", "pregnan", "birth", "newborn", "adoption", "child"),
              List.of(
                  "Shelter this small life and all who wait for it, by night and by day. "
                      + "You knit us together in the womb. (Psalm 139:13)")),
          new Theme(
              List.of("thank", "grateful", "praise", "rejoice"),
              List.of(
                  "Thank you for what you have given; keep us from taking it for granted. Every"
                      + " good gift is from above. (James 1:17)")),
          new Theme(
              List.of(
                  "faith",
                  "doubt",
                  "guidance",
                  "decision",
                  "calling",
                  "discern",
                  "church",
                  "congregation"),
              List.of(
                  "Make the next step plain, and meet doubt with patience rather than noise. You"
                      + " will direct our paths. (Proverbs 3:6)")));

  private static final List<String> ANYTHING =
      List.of(
          "You see what lies behind these words. Give what is needed today, and trust for tomorrow."
              + " (Matthew 6:34)",
          "Carry what is too heavy, mend what can be mended, and stay where nothing can be done but"
              + " wait. (Isaiah 46:4)");

  private static final List<String> ENDINGS =
      List.of("Amen.", "In Jesus' name, amen.", "Your will be done. Amen.");

  @Override
  public String name() {
    return "the program itself";
  }

  @Override
  public Optional<String> reader() {
    return Optional.empty();
  }

  /** The first prayer for a request. */
  public String prayerFor(String request) {
    return prayerFor(request, "");
  }

  @Override
  public String prayerFor(String request, String notThis) {
    List<String> middle = sentencesFor(request);
    int choice = request.hashCode();
    for (int turn = 0; turn < OPENINGS.size() * middle.size(); turn++) {
      if (prayer(middle, choice, turn).equals(notThis)) {
        return prayer(middle, choice, turn + 1);
      }
    }
    return prayer(middle, choice, 0);
  }

  private static String prayer(List<String> middle, int choice, int turn) {
    return pick(OPENINGS, choice + turn)
        + " "
        + pick(middle, (choice >>> 8) + turn)
        + " "
        + pick(ENDINGS, choice >>> 16);
  }

  private static List<String> sentencesFor(String request) {
    String words = request.toLowerCase(Locale.ROOT);
    List<String> middle = ANYTHING;
    int best = 0;
    for (Theme theme : THEMES) {
      int found = (int) theme.signs().stream().filter(sign -> hasWordStart(words, sign)).count();
      if (found > best) {
        best = found;
        middle = theme.sentences();
      }
    }
    return middle;
  }

  private static String pick(List<String> sentences, int choice) {
    return sentences.get(Math.floorMod(choice, sentences.size()));
  }

  private static boolean hasWordStart(String text, String sign) {
    for (int at = text.indexOf(sign); at >= 0; at = text.indexOf(sign, at + 1)) {
      if (at == 0 || !Character.isLetter(text.charAt(at - 1))) {
        return true;
      }
    }
    return false;
  }
}
