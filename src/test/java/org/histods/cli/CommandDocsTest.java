package org.histods.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.histods.testing.DocsTable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** {@code docs/commands.md} lists the commands and exit codes of the program, and links in documents lead somewhere. */
final class CommandDocsTest {

    private static Path project() {
        return Path.of(System.getProperty("project.basedir", "."));
    }

    private static CommandLine program() {
        PrintStream none = new PrintStream(OutputStream.nullOutputStream(), true, StandardCharsets.UTF_8);
        return new Main(Map.of("HOME", "/nonexistent"), Path.of("").toAbsolutePath(), none, none).commandLine();
    }

    private static Map<String, String> table(String head) throws IOException {
        Map<String, String> rows = new LinkedHashMap<>();
        for (String row : DocsTable.rows("commands.md", head)) {
            String[] cells = row.split("\\|");
            rows.put(cells[1].strip().replace("`", ""), cells[2].strip());
        }
        return rows;
    }

    @Test
    void commands_areThoseOfTheProgram() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        program().getSubcommands().forEach((name, command) -> {
            if (!command.getCommandSpec().usageMessage().hidden()) {
                expected.put(name, command.getCommandSpec().usageMessage().description()[0]);
            }
        });
        assertEquals(expected, table("| command |"));
    }

    @Test
    void exitCodes_areThoseOfTheHelp() throws IOException {
        Map<String, String> expected = new LinkedHashMap<>();
        program()
                .getCommandSpec()
                .usageMessage()
                .exitCodeList()
                .forEach((code, meaning) -> expected.put(code.strip(), meaning));
        assertEquals(expected, table("| code |"));
    }

    @Test
    void linksInDocuments_leadToFiles() throws IOException {
        List<String> broken = new ArrayList<>();
        List<Path> documents = new ArrayList<>(List.of(project().resolve("README.md")));
        try (Stream<Path> walk = Files.walk(project().resolve("docs"))) {
            walk.filter(p -> p.toString().endsWith(".md")).forEach(documents::add);
        }
        assertTrue(documents.size() > 10, documents::toString);
        for (Path document : documents) {
            var links = java.util.regex.Pattern.compile("\\]\\(([^)#:]+)(#[^)]*)?\\)")
                    .matcher(Files.readString(document));
            while (links.find()) {
                if (!Files.exists(document.resolveSibling(links.group(1)))) {
                    broken.add(document.getFileName() + ": " + links.group(1));
                }
            }
        }
        assertEquals(List.of(), broken);
    }
}
