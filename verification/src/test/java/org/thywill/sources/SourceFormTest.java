package org.thywill.sources;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.ConditionalExpressionTree;
import com.sun.source.tree.ExpressionTree;
import com.sun.source.tree.ImportTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.PackageTree;
import com.sun.source.tree.ParenthesizedTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The rules of docs/STYLE.md that a program can check; each is also shown to find an offender. */
class SourceFormTest {
  private static final Path ROOT = Path.of("..");
  private static final int FILES_PER_PACKAGE_MAX = 30;
  private static final int COMPONENTS_MAX = 8;
  private static final int PARAMETERS_MAX = 8;
  private static final Pattern QUALIFIED =
      Pattern.compile("(?:java|javax|org|com|io|gg|tools)(?:\\.[a-z0-9]+)+\\.[A-Z]\\w*");
  private static final Pattern COMMENT =
      Pattern.compile(
          "\"\"\".*?\"\"\"|\"(?:\\\\.|[^\"\\\\\n])*\"|(/\\*.*?\\*/|//[^\n]*)", Pattern.DOTALL);

  /** Words that make a sentence hard to read, and how often comments and documents may use them. */
  private static final Map<String, Integer> WORDS =
      Map.of(
          "nobody", 0, "whoever", 0, "anew", 0, "told", 1, "tells", 2, "behind", 3, "alone", 3,
          "stands", 3);

  private static List<Source> sources = List.of();

  private record Source(String path, String text) {
    boolean isMain() {
      return path.contains("/src/main/");
    }

    String folder() {
      return path.substring(0, path.lastIndexOf('/'));
    }
  }

  @BeforeAll
  static void read() throws IOException {
    try (Stream<Path> modules = Files.list(ROOT)) {
      List<Path> roots =
          modules.map(module -> module.resolve("src")).filter(Files::isDirectory).toList();
      List<Source> found = new ArrayList<>();
      for (Path root : roots) {
        try (Stream<Path> files = Files.walk(root)) {
          for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
            found.add(new Source(ROOT.relativize(file).toString(), Files.readString(file)));
          }
        }
      }
      sources = found;
    }
    assertThat(sources).as("sources of the project").hasSizeGreaterThan(500);
  }

  @Test
  void packages_haveAtMostThirtyFiles() {
    Map<String, Long> sizes =
        sources.stream().collect(Collectors.groupingBy(Source::folder, Collectors.counting()));
    assertThat(sizes)
        .allSatisfy(
            (folder, count) -> assertThat(count).isLessThanOrEqualTo(FILES_PER_PACKAGE_MAX));
  }

  @Test
  void topLevelTypes_haveNamesOfTheirOwn() {
    Map<String, List<String>> places =
        sources.stream()
            .map(Source::path)
            .filter(path -> !path.endsWith("package-info.java"))
            .collect(
                Collectors.groupingBy(
                    path -> path.substring(path.lastIndexOf('/') + 1),
                    TreeMap::new,
                    Collectors.toList()));
    places.values().removeIf(paths -> paths.size() == 1);
    assertThat(places).as("types of one simple name").isEmpty();
  }

  @Test
  void code_nestsNoConditionals_importsItsNames_andKeepsRecordsSmall() throws IOException {
    assertThat(findings(sources)).isEmpty();
  }

  @Test
  void everyRule_findsAnOffender() throws IOException {
    String offender =
        """
        package a;
        record Wide(int a, int b, int c, int d, int e, int f, int g, int h, int i) {
          int nested(boolean x, boolean y) {
            return x ? 1 : y ? 2 : 3;
          }
          java.util.List<String> qualified() {
            return java.util.List.of();
          }
          void many(int a, int b, int c, int d, int e, int f, int g, int h, int i) {}
        }
        """;
    assertThat(findings(List.of(new Source("a/src/main/java/a/Wide.java", offender))))
        .hasSize(5)
        .anySatisfy(finding -> assertThat(finding).contains(":2: 9 components"))
        .anySatisfy(finding -> assertThat(finding).contains(":4: a conditional within another"))
        .anySatisfy(finding -> assertThat(finding).contains(":6: java.util.List is not imported"))
        .anySatisfy(finding -> assertThat(finding).contains(":9: 9 parameters"));
    assertThat(words("class A { /** Nobody is told. */ String x = \"nobody\"; } // behind"))
        .containsExactlyInAnyOrderEntriesOf(Map.of("nobody", 1, "told", 1, "behind", 1));
  }

  @Test
  void comments_sayThingsPlainly() {
    Map<String, Integer> counts = new TreeMap<>();
    Map<String, List<String>> places = new TreeMap<>();
    for (Source source : sources) {
      if (source.isMain()) {
        words(source.text())
            .forEach(
                (word, count) -> {
                  counts.merge(word, count, Integer::sum);
                  places.computeIfAbsent(word, key -> new ArrayList<>()).add(source.path());
                });
      }
    }
    assertThat(counts)
        .allSatisfy(
            (word, count) ->
                assertThat(count)
                    .as("'%s' in comments of %s", word, places.get(word))
                    .isLessThanOrEqualTo(WORDS.get(word)));
  }

  /** How often comments of a source use the words that are to be avoided. */
  private static Map<String, Integer> words(String text) {
    Map<String, Integer> counts = new TreeMap<>();
    Matcher comments = COMMENT.matcher(text);
    while (comments.find()) {
      if (comments.group(1) != null) {
        for (String word : comments.group(1).toLowerCase(Locale.ROOT).split("[^a-z]+", -1)) {
          if (WORDS.containsKey(word)) {
            counts.merge(word, 1, Integer::sum);
          }
        }
      }
    }
    return counts;
  }

  private static List<String> findings(List<Source> some) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    List<JavaFileObject> files = some.stream().map(SourceFormTest::file).toList();
    JavacTask task =
        (JavacTask) compiler.getTask(null, null, problem -> {}, List.of("-proc:none"), null, files);
    List<String> findings = new ArrayList<>();
    SourcePositions positions = Trees.instance(task).getSourcePositions();
    for (CompilationUnitTree unit : task.parse()) {
      new Rules(unit, positions, findings).scan(unit, null);
    }
    return findings;
  }

  private static JavaFileObject file(Source source) {
    return new SimpleJavaFileObject(
        URI.create("string:///" + source.path()), JavaFileObject.Kind.SOURCE) {
      @Override
      public CharSequence getCharContent(boolean ignoreEncodingErrors) {
        return source.text();
      }
    };
  }

  private static final class Rules extends TreeScanner<Void, Void> {
    private final CompilationUnitTree unit;
    private final SourcePositions positions;
    private final List<String> findings;

    Rules(CompilationUnitTree unit, SourcePositions positions, List<String> findings) {
      this.unit = unit;
      this.positions = positions;
      this.findings = findings;
    }

    private void report(Tree tree, String finding) {
      long line = unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
      findings.add(unit.getSourceFile().getName().substring(1) + ":" + line + ": " + finding);
    }

    @Override
    public Void visitImport(ImportTree tree, Void nothing) {
      return null;
    }

    @Override
    public Void visitPackage(PackageTree tree, Void nothing) {
      return null;
    }

    @Override
    public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
      if (QUALIFIED.matcher(tree.toString()).matches()) {
        report(tree, tree + " is not imported");
        return null;
      }
      return super.visitMemberSelect(tree, null);
    }

    @Override
    public Void visitConditionalExpression(ConditionalExpressionTree tree, Void nothing) {
      if (Stream.of(tree.getCondition(), tree.getTrueExpression(), tree.getFalseExpression())
          .anyMatch(part -> bare(part) instanceof ConditionalExpressionTree)) {
        report(tree, "a conditional within another");
      }
      return super.visitConditionalExpression(tree, null);
    }

    private static ExpressionTree bare(ExpressionTree tree) {
      return tree instanceof ParenthesizedTree within ? bare(within.getExpression()) : tree;
    }

    @Override
    public Void visitClass(ClassTree tree, Void nothing) {
      if (tree.getKind() == Tree.Kind.RECORD) {
        long components =
            tree.getMembers().stream()
                .filter(
                    member ->
                        member instanceof VariableTree variable
                            && !variable.getModifiers().getFlags().contains(Modifier.STATIC))
                .count();
        if (components > COMPONENTS_MAX) {
          report(tree, components + " components; a record has at most " + COMPONENTS_MAX);
        }
      }
      return super.visitClass(tree, null);
    }

    @Override
    public Void visitMethod(MethodTree tree, Void nothing) {
      if (tree.getParameters().size() > PARAMETERS_MAX) {
        report(tree, tree.getParameters().size() + " parameters; at most " + PARAMETERS_MAX);
      }
      return super.visitMethod(tree, null);
    }
  }
}
