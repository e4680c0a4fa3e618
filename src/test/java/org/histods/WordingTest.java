package org.histods;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Texts are in plain modern English, and links between documents lead to headings that exist. */
final class WordingTest {

    /** Words and phrases that no message, comment or document contains; a space stands for any white space. */
    private static final List<String> OUTDATED = List.of(
            "anew",
            "whence",
            "wherein",
            "whereof",
            "thereof",
            "therein",
            "hereof",
            "hereby",
            "henceforth",
            "albeit",
            "whilst",
            "lest",
            "storey",
            "otherwise than",
            "told apart",
            "tell apart",
            "tells apart",
            "a way out",
            "lies in",
            "is told",
            "are told",
            "brought files?",
            "bug of ours",
            "played host",
            "played by",
            "may (?:are|is)",
            "allows? to (?!be)[a-z]+");

    private static final Pattern PATTERN = Pattern.compile(
            "\\b(?:" + String.join("|", OUTDATED).replace(" ", "[\\s*/]+") + ")\\b", Pattern.CASE_INSENSITIVE);

    private static Path project() {
        return Path.of(System.getProperty("project.basedir", "."));
    }

    private static List<Path> files(String folder, String ending) throws IOException {
        try (Stream<Path> walk = Files.walk(project().resolve(folder))) {
            return walk.filter(p -> p.toString().endsWith(ending)).sorted().toList();
        }
    }

    private static List<Path> documents() throws IOException {
        List<Path> documents = new ArrayList<>(files("docs", ".md"));
        for (String name : List.of("README.md", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "python/README.md")) {
            documents.add(project().resolve(name));
        }
        return documents;
    }

    /** The outdated words of a text; {@code whence} as the former name of a command is none. */
    private static List<String> outdated(String text) {
        return PATTERN.matcher(text.replaceAll("[`\" ]whence[`\" ]", ""))
                .results()
                .map(hit -> hit.group().replaceAll("[\\s*/]+", " "))
                .toList();
    }

    @Test
    void textsAndComments_containNoOutdatedWords() throws IOException {
        List<Path> all = new ArrayList<>(documents());
        all.addAll(files("src/main/java", ".java"));
        all.addAll(files("src/test/java", ".java"));
        all.addAll(files("manifests", ".yaml"));
        all.addAll(files("python", ".py"));
        all.addAll(files(".github", ".yml"));
        for (String script : List.of("histods", "packaging/build", "packaging/check", "bench/bench.py")) {
            all.add(project().resolve(script));
        }
        assertTrue(all.size() > 900, () -> String.valueOf(all.size()));
        List<String> found = new ArrayList<>();
        for (Path file : all) {
            if (!file.endsWith("WordingTest.java")) {
                outdated(Files.readString(file))
                        .forEach(word -> found.add(project().relativize(file) + ": " + word));
            }
        }
        assertEquals("", String.join("\n", found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "the folder is read anew               | [anew]",
                "described otherwise\\n * than before  | [otherwise than]",
                "its files may are elsewhere           | [may are]",
                "its terms allow to pass it on         | [allow to pass]",
                "`whence`, its former name             | []",
                "the address lies within the range     | []"
            })
    void outdatedWord_isFound(String text, String words) {
        assertEquals(words, outdated(text.replace("\\n", "\n")).toString());
    }

    /** The anchors of the headings of a document, in the form that GitHub gives them. */
    private static Set<String> anchors(String document) {
        return document.replaceAll("(?ms)^```.*?^```", "")
                .lines()
                .filter(line -> line.matches("#+ .*"))
                .map(line -> line.replaceFirst("#+ ", "")
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void linksToHeadings_leadToHeadings() throws IOException {
        List<String> broken = new ArrayList<>();
        for (Path document : documents()) {
            String text = Files.readString(document);
            Matcher links = Pattern.compile("\\]\\(([^)#:]*)#([^)]+)\\)").matcher(text);
            while (links.find()) {
                Path target = links.group(1).isEmpty() ? document : document.resolveSibling(links.group(1));
                if (!Files.exists(target) || !anchors(Files.readString(target)).contains(links.group(2))) {
                    broken.add(document.getFileName() + ": " + links.group());
                }
            }
        }
        assertEquals(List.of(), broken);
    }
}
