package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.stream.Stream;
import org.histods.testing.ProgramRunner;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The launcher script, with a Java that prints its arguments. */
class LauncherIT {

    @TempDir
    Path folder;

    private Program histods;

    @BeforeEach
    void fakeJava() throws Exception {
        histods = new Program(folder);
        Path java = Files.createDirectories(folder.resolve("jdk/bin")).resolve("java");
        Files.writeString(java, "#!/bin/sh\nfor word in \"$@\"; do echo \"$word\"; done\n");
        assertTrue(java.toFile().setExecutable(true));
        histods.with("JAVA_HOME", folder.resolve("jdk").toString());
    }

    @ParameterizedTest
    @CsvSource({
        "pull mbm, true",
        "--mirror pull list, false",
        "--mirror M pull mbm, true",
        "--mirror=M -q --route zenodo.org=http://localhost:1 --progress none identify x, true",
        "--manifests M show mbm, false",
        "list, false",
        "'', false"
    })
    void longRunningCommand_getsTheOptimisingCompiler_whereverGlobalOptionsAre(String line, boolean optimised)
            throws Exception {
        List<String> words =
                histods.run(line.isEmpty() ? new String[0] : line.split(" ")).lines();
        assertEquals(optimised, !words.contains("-XX:TieredStopAtLevel=1"), words::toString);
    }

    @Test
    void arguments_arePassedOnUnchanged() throws Exception {
        List<String> words = histods.run("--mirror", "a b", "pull", "*", "").lines();
        assertEquals(List.of("--mirror", "a b", "pull", "*", ""), words.subList(words.size() - 5, words.size()));
    }

    @ParameterizedTest
    @CsvSource({
        "C, '', C.UTF-8",
        "'', '', C.UTF-8",
        "POSIX, '', C.UTF-8",
        "C.UTF-8, '', C.UTF-8",
        "xx_XX.UTF-8, '', C.UTF-8",
        "'', xx_XX.UTF-8, C.UTF-8",
        "'', C.UTF-8, ''"
    })
    void localeThatTheSystemLacks_asAfterSsh_isReplacedByOneOfUtf8(String all, String lang, String seen)
            throws Exception {
        Files.writeString(folder.resolve("jdk/bin/java"), "#!/bin/sh\necho \"LC_ALL=$LC_ALL\"\n");
        histods.with("LC_ALL", all).with("LC_CTYPE", "").with("LANG", lang);
        assertEquals(List.of("LC_ALL=" + seen), histods.run("list").lines());
    }

    @ParameterizedTest
    @ValueSource(strings = {"?", "home", "./x", ""})
    void homeThatIsNoAbsolutePath_makesNoFolderInTheWorkingFolder(String home) throws Exception {
        List<String> before = folders();
        histods.with("HOME", home).with("XDG_CACHE_HOME", home);
        histods.run("list");
        assertEquals(before, folders());
    }

    private List<String> folders() throws IOException {
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(Files::isDirectory)
                    .map(entry -> entry.getFileName().toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void optimisedMethods_areOfClassesThatExist() throws Exception {
        String start = "-XX:CompileCommand=CompileThresholdScaling,";
        List<String> classes = histods.run("pull", "mbm").lines().stream()
                .filter(word -> word.startsWith(start))
                .map(word -> word.substring(start.length(), word.indexOf("::")))
                .distinct()
                .toList();
        assertTrue(classes.size() > 10, classes::toString);
        for (String name : classes) {
            Class.forName(name);
        }
    }

    /** A run that is making the archive of classes, or was killed while it did, has a folder beside it. */
    @Test
    void unfinishedArchiveOfAnotherRun_doesNotStopThisOne() throws Exception {
        Path cache = folder.resolve("cache");
        histods.with("XDG_CACHE_HOME", cache.toString());
        assertEquals(0, histods.run("list").exit());
        Path made;
        try (Stream<Path> files = Files.list(cache.resolve("histods/classes"))) {
            made = files.filter(file -> file.toString().endsWith(".java"))
                    .findFirst()
                    .orElseThrow();
        }
        Path unfinished = made.resolveSibling(String.valueOf(made.getFileName()).replaceFirst("java$", "99.pulled"));
        Files.writeString(Files.createDirectories(unfinished).resolve("x"), "x");
        Files.setLastModifiedTime(folder.resolve("jdk/bin/java"), FileTime.fromMillis(1_000_000_000_000L));
        ProgramRunner.Result again = histods.run("list");
        assertEquals(0, again.exit(), again.err());
        assertTrue(Files.exists(unfinished.resolve("x")));
    }
}
