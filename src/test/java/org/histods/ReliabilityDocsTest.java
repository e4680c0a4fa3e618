package org.histods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** {@code docs/reliability.md} has a row for each known failure, and names tests that exist. */
final class ReliabilityDocsTest {

    private static final Pattern NAMED = Pattern.compile("`(\\w+)#(\\w+)`");

    private static Path project() {
        return Path.of(System.getProperty("project.basedir", "."));
    }

    private static List<String> rows() throws IOException {
        return Files.readAllLines(project().resolve("docs/reliability.md")).stream()
                .filter(line -> line.matches("\\| [A-FT][-\\d].*"))
                .toList();
    }

    @Test
    void everyKnownFailure_hasARow() throws Exception {
        TreeSet<String> ids = new TreeSet<>();
        for (String row : rows()) {
            ids.addAll(List.of(row.split("\\|", -1)[1].strip().split(", ")));
        }
        TreeSet<String> expected = new TreeSet<>();
        IntStream.rangeClosed(1, 80).forEach(i -> expected.add("T-%02d".formatted(i)));
        Map.of("A", 6, "B", 6, "C", 10, "D", 17, "E", 26, "F", 10)
                .forEach((kind, last) -> IntStream.rangeClosed(1, last).forEach(i -> expected.add(kind + i)));
        expected.add("E0");
        assertEquals(expected, ids);
    }

    @Test
    void everyRow_namesATestOrSaysThatThereIsNone() throws Exception {
        for (String row : rows()) {
            String[] cells = row.split("\\|", -1);
            assertEquals(6, cells.length, row);
            assertTrue(NAMED.matcher(cells[4]).find() || cells[4].strip().equals("not covered"), row);
        }
    }

    @Test
    void everyTestThatIsNamed_exists() throws Exception {
        Map<String, String> sources = new HashMap<>();
        try (Stream<Path> walk = Files.walk(project().resolve("src/test/java"))) {
            for (Path file : walk.filter(p -> p.toString().endsWith(".java")).toList()) {
                sources.put(String.valueOf(file.getFileName()).replace(".java", ""), Files.readString(file));
            }
        }
        List<String> missing = new ArrayList<>();
        for (String row : rows()) {
            Matcher named = NAMED.matcher(row);
            while (named.find()) {
                String source = sources.getOrDefault(named.group(1), "");
                // In a class of tests, a method that returns nothing and is not private is a test.
                if (!Pattern.compile("\\n    (public )?void " + named.group(2) + "\\(")
                                .matcher(source)
                                .find()
                        || !source.contains("Test\n")) {
                    missing.add(named.group());
                }
            }
        }
        assertEquals(List.of(), missing);
    }
}
