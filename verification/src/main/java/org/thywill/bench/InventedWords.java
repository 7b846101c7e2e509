package org.thywill.bench;

import java.util.List;
import java.util.random.RandomGenerator;

/** Makes random texts in several scripts, with some line breaks, pipes, backslashes and emoji. */
final class InventedWords {
  private static final int LATIN_PERCENT = 70;
  private static final int ODDITY_PERCENT = 4;
  private static final List<String> LATIN =
      words(
          """
          please pray for my sister who begins her new work on Monday we are thankful the harvest was late but enough grandfather cannot sleep and
          asks for quiet nights our street has lost three houses to water may those who carry be carried peace between neighbours is worth more than
          the wall a child was born small strong again exam results come Friday help him to be honest whatever they say journey home rain bread hope\
          """);
  private static final List<List<String>> OTHERS =
      List.of(
          words(
              "für die Mutter im Krankenhaus größere Sorgen als früher bitte um Geduld Übergang"
                  + " Straße fröhlich müde"),
          words(
              "молитва за брата который далеко от дома пусть вернётся здоровым спасибо тишина хлеб"
                  + " дорога надежда"),
          words(
              "προσευχή για τον γείτονα που έχασε τη δουλειά του ελπίδα ψωμί δρόμος ειρήνη"
                  + " ευχαριστώ"),
          words(
              "صلاة من أجل أختي في المستشفى نطلب السلام والصبر شكرا للجميع الطريق إلى البيت طويل"),
          words("प्रार्थना मेरे भाई के लिए जो दूर है शांति और धैर्य धन्यवाद घर की राह लंबी है"),
          words("为我的 邻居 祷告 他 病了 很久 求 平安 感谢 大家 回家 的 路 很长"),
          words("언니를 위해 기도해 주세요 새로운 시작 평안 감사합니다 집으로 가는 길"));
  private static final List<String> ODDITIES =
      List.of("🙏", "🌾", "👩‍👧", "a|b", "C:\\home", "— “so”", "\t", "5 < 7", "é", "1/2");

  private InventedWords() {}

  private static List<String> words(String text) {
    return List.of(text.strip().split("\\s+"));
  }

  /** A text of at least so many characters, and seldom many more. */
  static String text(RandomGenerator random, int length) {
    List<String> words =
        random.nextInt(100) < LATIN_PERCENT ? LATIN : OTHERS.get(random.nextInt(OTHERS.size()));
    StringBuilder text = new StringBuilder(length + 16);
    while (text.length() < length) {
      boolean odd = random.nextInt(100) < ODDITY_PERCENT;
      text.append(
          odd
              ? ODDITIES.get(random.nextInt(ODDITIES.size()))
              : words.get(random.nextInt(words.size())));
      text.append(separator(random.nextInt(40)));
    }
    return text.append("Amen.").toString();
  }

  private static String separator(int chance) {
    if (chance == 0) {
      return ".\n";
    }
    return chance < 4 ? ". " : " ";
  }

  /** One word, for a name. */
  static String word(RandomGenerator random) {
    return LATIN.get(random.nextInt(LATIN.size()));
  }
}
