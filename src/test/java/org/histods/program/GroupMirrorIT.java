package org.histods.program;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.histods.demo.DemoServer;
import org.histods.testing.DemoRunner;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A mirror of a group, used by real users with their own umasks; only root can become other users, so others skip it. */
final class GroupMirrorIT {

    private static final int ALICE = 64_101;
    private static final int BOB = 64_102;
    private static final int READER = 64_103;
    private static final int GROUP = 64_200;

    @TempDir
    Path folder;

    private DemoServer origin;
    private Path mirror;

    @BeforeEach
    void setUp() throws Exception {
        assumeTrue("root".equals(System.getProperty("user.name")), "only root can become other users");
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/setpriv")), "there is no setpriv");
        for (Path path = Program.project().toAbsolutePath(); path != null; path = path.getParent()) {
            assumeTrue(
                    PosixFilePermissions.toString(Files.getPosixFilePermissions(path))
                            .endsWith("x"),
                    "the program is in a folder that other users may not enter");
        }
        Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
        origin = new DemoServer(DemoRunner.DATASETS, 0);
        DemoRunner.DATASETS.writeManifests(folder.resolve("m"));
        for (int user : List.of(ALICE, BOB, READER)) {
            Files.setAttribute(Files.createDirectories(folder.resolve("home" + user)), "unix:uid", user);
        }
        assertEquals(0, new Program(folder).run("--version").exit());
        mirror = Files.createDirectory(folder.resolve("mirror"));
        Files.setAttribute(mirror, "unix:gid", GROUP);
        Files.setAttribute(mirror, "unix:mode", 02775);
    }

    @AfterEach
    void end() {
        if (origin != null) {
            origin.close();
        }
    }

    private record Ran(int exit, String text) {}

    private Ran run(int user, String umask, String... words) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                user == READER ? "--clear-groups" : "--groups=" + GROUP,
                "sh",
                "-c",
                "umask " + umask + " && exec \"$0\" \"$@\"",
                Program.project().resolve("histods").toAbsolutePath().toString()));
        command.addAll(List.of(words));
        command.addAll(List.of("--route", "*=" + origin.route()));
        Path log = Files.createTempFile(folder, "run", ".log");
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        String home = folder.resolve("home" + user).toString();
        builder.environment().put("HOME", home);
        for (String name : List.of("XDG_CONFIG_HOME", "XDG_STATE_HOME")) {
            builder.environment().put(name, home + "/" + name);
        }
        // Made by whoever runs the tests; the users may only read it.
        builder.environment().put("XDG_CACHE_HOME", Program.classes().toString());
        builder.environment().put("HISTODS_MIRROR", mirror.toString());
        builder.environment().put("HISTODS_MANIFESTS", folder.resolve("m").toString());
        builder.environment().put("HISTODS_CONFIG", "");
        int exit = builder.start().waitFor();
        return new Ran(exit, Files.readString(log));
    }

    private void ran(int exit, int user, String umask, String... words) throws Exception {
        Ran ran = run(user, umask, words);
        assertEquals(exit, ran.exit(), String.join(" ", words) + "\n" + ran.text());
    }

    private void assertShared() throws IOException {
        try (Stream<Path> walk = Files.walk(mirror)) {
            for (Path path : walk.toList()) {
                String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
                assertEquals(GROUP, Files.getAttribute(path, "unix:gid"), path.toString());
                if (Files.isDirectory(path)) {
                    assertTrue(mode.startsWith("rwxrwx"), path + " " + mode);
                } else {
                    assertTrue(mode.charAt(3) == 'r', path + " " + mode);
                }
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"022, 077", "077, 022", "002, 027"})
    void twoMembersWithAnyUmask_pullExtendRepairAndRemoveWhatTheOtherMade_andOthersRead(String alices, String bobs)
            throws Exception {
        ran(0, ALICE, alices, "pull", "demo-colon", "--only", "test");
        assertShared();
        ran(0, BOB, bobs, "pull", "demo-colon");
        assertShared();
        Path file = mirror.resolve("datasets/demo-colon/999000002/data");
        try (Stream<Path> walk = Files.walk(file)) {
            Files.delete(walk.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        ran(0, ALICE, alices, "verify", "demo-colon", "--repair");
        ran(0, READER, "022", "verify", "--full");
        ran(0, READER, "022", "pull", "demo-colon");
        ran(7, READER, "022", "pull", "demo-kumar");
        ran(0, ALICE, alices, "verify", "--journal");
        ran(0, ALICE, alices, "remove", "demo-colon", "--yes");
        ran(0, BOB, bobs, "gc", "--all");
        assertShared();
    }

    @Test
    void interruptedPullOfAnother_isContinuedWhereItMayBeRead_andBegunAgainWhereNot() throws Exception {
        ran(0, ALICE, "022", "pull", "demo-kumar");
        for (String mode : List.of("rwxrwx---", "rwx------")) {
            Path key = Files.createDirectories(mirror.resolve("partial/at-" + mode.hashCode() + "/idle"));
            Files.writeString(key.resolve("part"), "x");
            for (Path path : List.of(key, key.resolve("part"), key.resolveSibling(""))) {
                Files.setAttribute(path, "unix:uid", ALICE);
                Files.setAttribute(path, "unix:gid", GROUP);
            }
            Files.setPosixFilePermissions(key, PosixFilePermissions.fromString(mode));
        }
        ran(0, BOB, "022", "pull", "demo-colon");
        ran(0, ALICE, "022", "gc", "--all");
    }

    @Test
    void filesFetchedByAnotherMemberBeforeTheirPullFailed_areInTheBagOfTheNextPull() throws Exception {
        // Without a limit first, since the launcher keeps its classes in a file.
        ran(0, ALICE, "077", "status");
        // Files of more than half a megabyte cannot be written, so the pull ends with the small files only.
        ran(7, ALICE, "077 && ulimit -f 1000", "pull", "demo-node");
        ran(0, BOB, "077", "pull", "demo-node");
        ran(0, READER, "022", "verify", "--full");
        assertShared();
    }

    @Test
    void unreadableMirror_isReported_andNeverReadsAsEmpty() throws Exception {
        ran(0, ALICE, "022", "pull", "demo-kumar");
        for (String closed : List.of("datasets/demo-kumar", "datasets", "")) {
            Path path = mirror.resolve(closed);
            Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxrwx---"));
            for (String command : List.of("status", "path demo-kumar", "verify")) {
                ran(7, READER, "022", command.split(" "));
            }
        }
    }
}
