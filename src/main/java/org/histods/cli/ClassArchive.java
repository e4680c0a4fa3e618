package org.histods.cli;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.jar.JarFile;
import org.histods.demo.DemoDataset;
import org.histods.demo.DemoDatasets;
import org.histods.demo.DemoServer;
import org.histods.problem.Problem;

/**
 * Loads the classes that common commands need. The launcher runs this once and keeps the loaded classes in a class data archive of
 * the JVM, with which the program starts in a third of the time. Reads the jar, and pulls small generated datasets
 * from a server on loopback, because the archive contains only those lambdas that ran. Sends no request to any other host.
 */
final class ClassArchive {

    /** Commands that load most classes that starting and listing need; not all of them succeed without a mirror. */
    private static final List<List<String>> COMMANDS = List.of(
            List.of("--help"),
            List.of("list"),
            List.of("list", "--json"),
            List.of("status"),
            List.of("path", "kather-2018"),
            List.of("show", "kather-2018"),
            List.of("verify"),
            List.of("manifest", "lint", "kather-2018"),
            List.of("pull", "kather-2018", "--dry-run", "--offline"));

    /** Commands for a dataset that is pulled from the server on loopback. */
    private static final List<List<String>> PULLS =
            List.of(List.of("pull"), List.of("pull"), List.of("verify"), List.of("verify", "--full"), List.of("path"));

    /** The program, and the libraries that a pull uses. */
    private static final List<String> PACKAGES =
            List.of("org/histods/", "okhttp3/", "okio/", "kotlin/", "tools/jackson/");

    private ClassArchive() {}

    /**
     * Runs the commands and loads the classes.
     *
     * @param args the program's jar, a folder of manifests that need not exist, and a new folder for what is pulled, which
     *     the caller deletes
     */
    public static void main(String... args) throws IOException {
        PrintStream none = new PrintStream(PrintStream.nullOutputStream(), false, StandardCharsets.UTF_8);
        Path folder = Path.of("").toAbsolutePath();
        Map<String, String> environment = Map.of("HOME", "/nonexistent", "HISTODS_MIRROR", "/nonexistent/mirror");
        for (List<String> command : COMMANDS) {
            new Main(environment, folder, none, none).run(command.toArray(new String[0]));
        }
        new Main(environment, folder, none, none).run("--manifests", args[1], "list");
        pull(Path.of(args[2]).toAbsolutePath(), none);
        try (JarFile jar = new JarFile(args[0])) {
            jar.stream()
                    .map(entry -> entry.getName())
                    .filter(name -> name.endsWith(".class") && PACKAGES.stream().anyMatch(name::startsWith))
                    .forEach(name -> load(
                            name.substring(0, name.length() - ".class".length()).replace('/', '.')));
        }
    }

    private static void pull(Path scratch, PrintStream none) {
        Path manifests = scratch.resolve("manifests");
        Map<String, String> environment = Map.of(
                "HOME", scratch.toString(),
                "HISTODS_MIRROR", scratch.resolve("mirror").toString(),
                "HISTODS_MANIFESTS", manifests.toString(),
                "HISTODS_BUILTIN", "off");
        DemoDatasets texts = DemoDatasets.texts();
        try (DemoServer server = new DemoServer(texts, 0)) {
            texts.writeManifests(manifests);
            for (DemoDataset dataset : texts.all()) {
                for (List<String> command : PULLS) {
                    List<String> words = new ArrayList<>(List.of("--route", "*=" + server.route()));
                    words.addAll(command);
                    words.add(dataset.id().text());
                    new Main(environment, scratch, none, none).run(words.toArray(new String[0]));
                }
            }
        } catch (Problem withoutLoopbackOrDisk) {
            // The archive then has less, and a pull starts more slowly.
            return;
        }
    }

    private static void load(String name) {
        try {
            Class.forName(name, false, ClassArchive.class.getClassLoader());
        } catch (ClassNotFoundException | LinkageError e) {
            // An optional part of a library, for something that is not in the jar.
            return;
        }
    }
}
