package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.histods.testing.CycloneDxSchema;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The released files: the jar, and the SBOM that lists its contents. {@code bench/same-jar} builds the jar twice. */
class DistributionIT {

    private static final Path TARGET = Program.project().resolve("target");
    private static final Path SBOM = TARGET.resolve("histods-sbom.json");

    /** The jar of this build: of the whole one, or of the one without checks. */
    private static Path jar() {
        Path whole = TARGET.resolve("histods-all.jar");
        return Files.exists(whole) ? whole : TARGET.resolve("plain/histods-all.jar");
    }

    private static void assumeWholeBuild() {
        assumeTrue(Files.exists(TARGET.resolve("histods-all.jar")), "the build without checks makes no SBOM");
    }

    @Test
    void jar_doesNotDependOnWhenItWasBuilt() throws Exception {
        Matcher stated = Pattern.compile("<project.build.outputTimestamp>(.*?)Z<")
                .matcher(Files.readString(Program.project().resolve("pom.xml")));
        assertTrue(stated.find());
        LocalDateTime latest = LocalDateTime.parse(stated.group(1));
        List<String> later = new ArrayList<>();
        try (ZipFile zip = new ZipFile(jar().toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                // Libraries keep the times that their own builds gave them.
                boolean ours = entry.getName().startsWith("org/histods/") && !entry.isDirectory();
                if (entry.getTimeLocal().isAfter(latest)
                        || (ours && !entry.getTimeLocal().equals(latest))) {
                    later.add(entry.getName() + " " + entry.getTimeLocal());
                }
            }
        }
        assertEquals(List.of(), later);
    }

    @Test
    void sbom_listsEveryLibraryInTheJar() throws Exception {
        assumeWholeBuild();
        TreeSet<String> listed = new TreeSet<>();
        for (JsonNode component : new JsonMapper().readTree(SBOM.toFile()).path("components")) {
            listed.add(component.path("group").asString("") + ":"
                    + component.path("name").asString("") + ":"
                    + component.path("version").asString(""));
        }
        List<String> missing = new ArrayList<>();
        int libraries = 0;
        try (ZipFile zip = new ZipFile(jar().toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().matches("META-INF/maven/.*/pom.properties")) {
                    String library = coordinates(zip, entry);
                    libraries++;
                    if (!listed.contains(library) && !library.startsWith("org.histods:")) {
                        missing.add(library);
                    }
                }
            }
        }
        assertEquals(List.of(), missing);
        assertTrue(libraries > 10, "only " + libraries);
    }

    /** Libraries built with Gradle do not name themselves in the jar; their classes are there all the same. */
    @Test
    void sbom_listsTheLibraryOfEveryClassInTheJar() throws Exception {
        assumeWholeBuild();
        Set<String> listed = new HashSet<>();
        for (JsonNode component : new JsonMapper().readTree(SBOM.toFile()).path("components")) {
            String name = component.path("name").asString("") + "-"
                    + component.path("version").asString("");
            listed.addAll(List.of(name + ".jar", name + "-sources.jar"));
        }
        Set<String> known = new HashSet<>();
        for (URL manifest : Collections.list(getClass().getClassLoader().getResources("META-INF/MANIFEST.MF"))) {
            Path file = Path.of(URI.create(manifest.getPath().replaceFirst("!/.*", "")));
            if (listed.contains(String.valueOf(file.getFileName()))) {
                known.addAll(classes(file));
            }
        }
        TreeSet<String> unknown = new TreeSet<>(classes(jar()));
        unknown.removeIf(name -> name.startsWith("org/histods/") || name.endsWith("module-info"));
        assertTrue(unknown.size() > 3000, "only " + unknown.size());
        unknown.removeAll(known);
        assertEquals(Set.of(), unknown);
    }

    /** The classes in a jar, or the sources, without those inside others. */
    private static Set<String> classes(Path jar) throws IOException {
        Set<String> classes = new HashSet<>();
        try (ZipFile zip = new ZipFile(jar.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.getName().matches(".*\\.(class|java)")) {
                    classes.add(entry.getName().replaceFirst("(\\$[^/]*)?\\.(class|java)$", ""));
                }
            }
        }
        return classes;
    }

    @Test
    void sbom_isValidCycloneDx() throws Exception {
        assumeWholeBuild();
        try (CycloneDxSchema schema = new CycloneDxSchema()) {
            assertEquals(List.of(), schema.faults(Files.readString(SBOM)));
        }
    }

    /** What jdeps finds; services, which it cannot find, are in the list with the reason. */
    @Test
    void runtime_hasTheModulesThatTheJarUses() throws Exception {
        TreeSet<String> listed = new TreeSet<>();
        for (String line : Files.readAllLines(Program.project().resolve("packaging/modules"))) {
            String module = line.replaceFirst("#.*", "").strip();
            if (!module.isEmpty()) {
                listed.add(module);
            }
        }
        StringWriter out = new StringWriter();
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(out, true),
                        new PrintWriter(out, true),
                        "--multi-release",
                        "17",
                        "--ignore-missing-deps",
                        "--print-module-deps",
                        jar().toString());
        assertEquals(0, exit, out::toString);
        TreeSet<String> missing = new TreeSet<>(List.of(out.toString().strip().split(",")));
        assertTrue(missing.contains("java.base"), missing.toString());
        missing.removeAll(listed);
        assertEquals(Set.of(), missing, "add them to packaging/modules");
    }

    @Test
    void runtime_hasTheServicesThatReadTheCatalogueInTheJar() throws Exception {
        String modules = Files.readString(Program.project().resolve("packaging/modules"))
                .replaceAll("#.*", "")
                .strip()
                .replaceAll("\\s+", ",");
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin/java").toString(),
                        "--limit-modules",
                        modules,
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        jar().toString(),
                        "org.histods.cli.Main",
                        "manifest",
                        "lint",
                        "kather-2018")
                .redirectErrorStream(true)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), printed);
    }

    private static String coordinates(ZipFile zip, ZipEntry entry) throws IOException {
        Properties properties = new Properties();
        try (var in = zip.getInputStream(entry)) {
            properties.load(in);
        }
        return properties.getProperty("groupId") + ":" + properties.getProperty("artifactId") + ":"
                + properties.getProperty("version");
    }
}
