package org.histods.outside;

import static org.junit.jupiter.api.Assertions.fail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Independent programs that validate the files that histods writes: the scripts of {@code src/test/node}, each run as a
 * program of its own. Their packages are installed below {@code target/} when a test first wants them; after that
 * nothing asks the internet.
 */
public final class Validators {

    private static final String MISSING = "needs node 18 or newer and npm, and a way to install packages with it: ";

    private final Path home;

    private Validators(Path home) {
        this.home = home;
    }

    /** The output of a script and whether the file is valid. */
    private record Verdict(int exit, String result) {

        List<String> complaints() {
            List<String> lines = result.lines().filter(line -> !line.isBlank()).toList();
            return exit != 0 && lines.isEmpty() ? List.of("exit " + exit) : exit == 0 ? List.of() : lines;
        }
    }

    /**
     * The validators, installed. Where they cannot be, the test that asks is skipped; with {@code CI=true} it fails.
     */
    public static Validators installed() throws IOException, InterruptedException {
        Path project = Path.of(System.getProperty("project.basedir", ".")).toAbsolutePath();
        Path scripts = project.resolve("src/test/node");
        Path home = Files.createDirectories(project.resolve("target/node"));
        String lacking = "";
        try (FileChannel channel =
                        FileChannel.open(home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock lock = channel.lock()) {
            if (lock.isValid()) {
                lacking = install(scripts, home);
            }
        }
        if (!lacking.isEmpty()) {
            if ("true".equals(System.getenv("CI"))) {
                fail(MISSING + lacking);
            }
            Assumptions.abort(MISSING + lacking);
        }
        return new Validators(home);
    }

    /** Why the packages could not be installed; empty if they were. */
    private static String install(Path scripts, Path home) throws IOException, InterruptedException {
        String wanted = Files.readString(scripts.resolve("package-lock.json"));
        Path done = home.resolve("installed");
        try (Stream<Path> list = Files.list(scripts)) {
            for (Path script : list.filter(Files::isRegularFile).toList()) {
                Path copy = home.resolve(script.getFileName());
                if (!Files.exists(copy) || Files.mismatch(script, copy) >= 0) {
                    Files.copy(script, copy, StandardCopyOption.REPLACE_EXISTING);
                }
            }
        }
        if (Files.exists(done) && Files.readString(done).equals(wanted)) {
            return "";
        }
        try {
            Verdict verdict = run(
                    home, "npm", "ci", "--ignore-scripts", "--omit=optional", "--no-audit", "--no-fund", "--silent");
            if (verdict.exit() != 0) {
                return "npm ci: " + verdict.result();
            }
        } catch (IOException e) {
            return String.valueOf(e.getMessage());
        }
        Files.writeString(done, wanted);
        return "";
    }

    private static Verdict run(Path folder, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        process.getOutputStream().close();
        try (InputStream out = process.getInputStream()) {
            String result = new String(out.readAllBytes(), StandardCharsets.UTF_8);
            return new Verdict(process.waitFor(), result);
        }
    }

    private Verdict script(String name, String... arguments) throws IOException, InterruptedException {
        List<String> command =
                new ArrayList<>(List.of("node", home.resolve(name).toString()));
        command.addAll(List.of(arguments));
        return run(home, command.toArray(String[]::new));
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().toString();
    }

    /** The faults that jsonld finds in a JSON-LD document in safe mode, in which terms that its context does not know are faults. */
    public List<String> jsonLd(Path file) throws IOException, InterruptedException {
        return script("jsonld.mjs", absolute(file)).complaints();
    }

    /** The faults that ro-crate and jsonld find in the RO-Crate in that folder: errors, warnings, missing files. */
    public List<String> crate(Path folder) throws IOException, InterruptedException {
        return script("crate.mjs", absolute(folder)).complaints();
    }

    /** The faults that the CycloneDX project's JavaScript library finds in a document of that version, such as {@code 1.6}. */
    public List<String> cycloneDx(String version, Path file) throws IOException, InterruptedException {
        return script("cyclonedx.mjs", version, absolute(file)).complaints();
    }

    /**
     * What citation-js reads out of citations: {@code items} as CSL-JSON and {@code apa}, the same as APA style has it.
     *
     * @param form {@code csl}, {@code bibtex} or {@code ris}
     * @throws IllegalArgumentException if it refuses them; the message says why
     */
    public JsonNode citations(String form, String text) throws IOException, InterruptedException {
        Path file = Files.createTempFile(home, "citations", "." + form);
        try {
            Files.writeString(file, text);
            Verdict verdict = script("citations.mjs", form, absolute(file));
            if (verdict.exit() != 0) {
                throw new IllegalArgumentException(verdict.result());
            }
            return new JsonMapper().readTree(verdict.result());
        } finally {
            Files.delete(file);
        }
    }
}
