package dev.kumiko.crds;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.DocTrees;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreePathScanner;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;

/**
 * The Javadoc of the API's types and enum constants, by dotted name ({@code Host.Mode.Active}): the
 * one place where they are described.
 */
final class SourceComments {
  private final Map<String, String> comments = new HashMap<>();

  private SourceComments() {}

  static SourceComments of(Path directory) {
    var compiler = ToolProvider.getSystemJavaCompiler();
    try (var files = compiler.getStandardFileManager(null, null, null);
        Stream<Path> sources = Files.list(directory)) {
      List<Path> java = sources.filter(p -> p.toString().endsWith(".java")).sorted().toList();
      var task =
          (JavacTask)
              compiler.getTask(
                  null, files, null, null, null, files.getJavaFileObjectsFromPaths(java));
      var found = new SourceComments();
      for (CompilationUnitTree unit : task.parse()) {
        found.new Collector(DocTrees.instance(task)).scan(unit, null);
      }
      return found;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Optional<String> type(Class<?> type) {
    return Optional.ofNullable(comments.get(dotted(type)));
  }

  Optional<String> constant(Enum<?> constant) {
    return Optional.ofNullable(
        comments.get(dotted(constant.getDeclaringClass()) + "." + constant.name()));
  }

  private static String dotted(Class<?> type) {
    return type.getName().substring(type.getPackageName().length() + 1).replace('$', '.');
  }

  private static String plain(String javadoc) {
    String prose = javadoc.split("\n\\s*@", 2)[0];
    return prose.replaceAll("\\{@\\w+ ([^}]*)}", "$1").replaceAll("\\s+", " ").strip();
  }

  private final class Collector extends TreePathScanner<@Nullable Void, @Nullable Void> {
    private final DocTrees trees;
    private final Deque<String> path = new ArrayDeque<>();

    Collector(DocTrees trees) {
      this.trees = trees;
    }

    @Override
    public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
      path.addLast(type.getSimpleName().toString());
      keep();
      super.visitClass(type, null);
      path.removeLast();
      return null;
    }

    @Override
    public @Nullable Void visitVariable(VariableTree variable, @Nullable Void nothing) {
      path.addLast(variable.getName().toString());
      keep();
      path.removeLast();
      return null;
    }

    private void keep() {
      String javadoc = trees.getDocComment(getCurrentPath());
      if (javadoc != null) {
        comments.put(String.join(".", path), plain(javadoc));
      }
    }
  }
}
