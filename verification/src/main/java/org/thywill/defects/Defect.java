package org.thywill.defects;

/**
 * A mistake that somebody could make, as a change of one source file, and the test that must notice
 * it.
 *
 * @param name of the defect, for people
 * @param harm what it would do to a community
 * @param source the source file, as {@code archive/ArchiveWriter}: the path of the class below
 *     {@code org.thywill}, which begins with its room
 * @param find text that stands in this file exactly once
 * @param replace what is put in its place
 * @param caughtBy the narrowest test that notices, as {@code ledger.CrashTest#crash_at…}: the
 *     package below {@code org.thywill}, class, method
 * @param failure the simple name of what that test fails with: an {@link AssertionError}, or an
 *     exception by which the program itself refuses
 */
record Defect(
    String name,
    String harm,
    String source,
    String find,
    String replace,
    String caughtBy,
    String failure) {

  /** The path of the source file below the root of the project. */
  String path() {
    String[] room = source.split("/", 2);
    return room[0] + "/src/main/java/org/thywill/" + source + ".java";
  }

  /**
   * The source with the defect in it.
   *
   * @throws IllegalStateException if the text that is to be replaced does not stand there exactly
   *     once: the defect must follow the program
   */
  String putInto(String content) {
    int at = content.indexOf(find);
    if (at < 0 || content.indexOf(find, at + 1) >= 0) {
      throw new IllegalStateException(
          "defect '"
              + name
              + "': its text stands "
              + (at < 0 ? "nowhere" : "more than once")
              + " in "
              + path()
              + "; expected exactly once. Change the defect as the program has changed:\n"
              + find);
    }
    return content.substring(0, at) + replace + content.substring(at + find.length());
  }
}
