package org.thywill.cli.terminal;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.thywill.archive.format.Finding;

/** The result of a command: sentences for people, fields for programs, and findings for both. */
public final class CommandResult {
  private static final int FINDINGS_MAX = 1_000;

  private final List<String> sentences = new ArrayList<>();
  private final Map<String, @Nullable Object> fields = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final Map<String, Long> findingsByCode = new TreeMap<>();
  private boolean wrong;
  private boolean refused;
  private boolean withoutNotes;

  /** Adds a line for people. */
  public CommandResult say(String sentence) {
    sentences.add(sentence);
    return this;
  }

  /** Adds a field of the JSON object; an {@code Optional} value is written as its content. */
  public CommandResult put(String name, @Nullable Object value) {
    fields.put(name, value);
    return this;
  }

  /** Adds a finding; an error among them makes the exit code {@link ExitCode#FINDINGS}. */
  public CommandResult find(Finding finding) {
    findingsByCode.merge(finding.code(), 1L, Long::sum);
    wrong |= finding.severity() == Finding.Severity.ERROR;
    if (findings.size() < FINDINGS_MAX) {
      findings.add(finding);
    }
    return this;
  }

  /** Adds findings, and sets how many there are of each code, beyond those that are listed. */
  public CommandResult find(List<Finding> some, Map<String, Long> counts) {
    some.forEach(this::find);
    findingsByCode.putAll(counts);
    return this;
  }

  /** Hides notes from people, since so many of them would bury the rest. */
  public CommandResult withoutNotes() {
    withoutNotes = true;
    return this;
  }

  /** Says that something is wrong without a finding: differences, an unequal digest. */
  public CommandResult wrong() {
    wrong = true;
    return this;
  }

  /** Says that nothing was done, to protect data. */
  public CommandResult refused() {
    refused = true;
    return this;
  }

  /** The exit code that follows from the findings. */
  public ExitCode exit() {
    if (refused) {
      return ExitCode.REFUSED;
    }
    return wrong ? ExitCode.FINDINGS : ExitCode.OK;
  }

  /** The lines for people, in order. */
  public List<String> sentences() {
    return sentences;
  }

  /** The findings for people, in order. */
  public List<Finding> findings() {
    return withoutNotes
        ? findings.stream().filter(finding -> finding.severity() != Finding.Severity.NOTE).toList()
        : findings;
  }

  /**
   * The JSON object, with the fields in the order in which they were added.
   *
   * @param command the name of the command; empty if the command line names none
   * @param seconds how long the command took
   */
  public Map<String, @Nullable Object> json(String command, ExitCode exit, double seconds) {
    Map<String, @Nullable Object> json = new LinkedHashMap<>();
    json.put("command", command);
    json.put("status", exit.status());
    json.put("exit", exit.number());
    json.put("seconds", Math.round(seconds * 1_000) / 1_000.0);
    json.putAll(fields);
    json.put("findings", findings.stream().map(CommandResult::json).toList());
    json.put("findings_by_code", findingsByCode);
    return json;
  }

  private static Map<String, Object> json(Finding finding) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("code", finding.code());
    json.put("severity", finding.severity().name().toLowerCase(Locale.ROOT));
    json.put("file", finding.file());
    json.put("line", finding.line());
    json.put("message", finding.message());
    json.put("repairable", finding.repairable());
    json.put("next", finding.next());
    return json;
  }
}
