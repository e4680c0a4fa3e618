package org.histods.cli.mirror;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.Fingerprint;
import org.histods.mirror.BagRef;
import org.histods.problem.Problem;
import org.histods.project.AtomicFile;
import org.histods.provenance.index.SharedIndex;
import org.histods.provenance.index.SharedIndexes;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code histods index}: shares an index by which others recognise files of pulled datasets. */
@Command(
        name = "index",
        description = "Share an index by which others recognise files of pulled datasets",
        synopsisSubcommandLabel = "COMMAND",
        footer = {
            "",
            "Examples:",
            "  histods index export lab.index.gz --by \"Pathology AI lab, Example University\"",
            "  histods index import https://lab.example.org/lab.index.gz --fingerprint 3f9a…"
        })
public final class IndexCommand implements CliCommand {

    @Override
    public int run() throws Problem {
        throw new Problem(Problem.Kind.USAGE, "a command is missing", "see `histods index --help`");
    }

    /** @param file the file written or read; null for a list */
    private static void print(AppContext app, SharedIndex.Statement statement, String event, @Nullable String file) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", event);
        line.put("fingerprint", statement.fingerprint().hex());
        line.put("made_by", statement.madeBy());
        line.put("datasets", statement.datasets());
        line.put("files", statement.files());
        line.put("file", file);
        app.console().object(line);
        app.console()
                .data(statement.fingerprint() + "  " + Count.of(statement.datasets(), "dataset") + ", "
                        + Count.of(statement.files(), "file") + ", made by " + statement.madeBy());
    }

    /** {@code histods index export}: writes an index of pulled datasets for others. */
    @Command(
            name = "export",
            description = {
                "Write an index of pulled datasets for others",
                "",
                "The index has the SHA-256, size and path of each file, and of the archives that the files came"
                        + " from, but not the files themselves. After importing it, others can identify and audit"
                        + " files of these datasets without pulling them. Publish the printed fingerprint together"
                        + " with the index."
            },
            footer = {
                "",
                "Examples:",
                "  histods index export lab.index.gz --by \"Example lab\"",
                "  histods index export two.index.gz kather-2018 mbm --by \"Example lab\""
            })
    public static final class Export implements CliCommand {

        private final AppContext app;

        @Parameters(index = "0", paramLabel = "FILE", description = "file to write, compressed with gzip")
        private Path file = Path.of("");

        @Parameters(
                index = "1..*",
                paramLabel = "ID[@VERSION]",
                description = "pulled datasets (default: every pulled dataset)")
        private List<String> names = new ArrayList<>();

        @Option(
                names = "--by",
                required = true,
                paramLabel = "NAME",
                description = "maker of the index, who vouches for it")
        private String by = "";

        public Export(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            if (by.isBlank()) {
                throw new Problem(Problem.Kind.USAGE, "--by is empty: an index states who made it");
            }
            List<BagRef> bags = new MirrorLookup(app).of(names);
            if (bags.isEmpty()) {
                throw new Problem(
                        Problem.Kind.USAGE,
                        "the mirror " + app.mirror().root() + " contains no datasets",
                        "`histods pull` downloads one");
            }
            Path target = app.output(file);
            if (Files.exists(target)) {
                throw new Problem(Problem.Kind.USAGE, file + " exists already", "choose a new file");
            }
            try {
                SharedIndex.Statement[] statement = new SharedIndex.Statement[1];
                AtomicFile.<Problem>write(
                        target, out -> statement[0] = SharedIndexes.export(bags, by.strip(), app.version(), out));
                print(app, statement[0], "index-export", target.toString());
                return 0;
            } catch (IOException e) {
                throw new Problem(
                        Problem.Kind.DISK,
                        "cannot write " + file + ": " + Problem.why(e),
                        "choose a file in an existing folder that you can write to");
            }
        }
    }

    /** {@code histods index import}: adds an index that somebody else made. */
    @Command(
            name = "import",
            description = {
                "Add an index that somebody else made",
                "",
                "`identify` and `audit` then recognise files of its datasets, and name the index as their source."
                        + " An index is not signed: compare its fingerprint with the one that its maker published,"
                        + " or pass that one with --fingerprint."
            },
            footer = {
                "",
                "Examples:",
                "  histods index import lab.index.gz",
                "  histods index import https://lab.example.org/lab.index.gz --fingerprint 3f9a…"
            })
    public static final class Import implements CliCommand {

        private final AppContext app;

        @Parameters(paramLabel = "FILE|URL", description = "the index")
        private String from = "";

        @Option(
                names = "--fingerprint",
                paramLabel = "SHA256",
                description = "fail if the index has another fingerprint (64 hex digits)")
        private @Nullable String expected;

        public Import(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            Fingerprint fingerprint = expected == null ? null : fingerprint(expected);
            boolean url = from.startsWith("https://") || from.startsWith("http://");
            SharedIndex.Statement statement;
            try (SharedIndexes indexes = new SharedIndexes(app.mirror());
                    InputStream in = url ? body() : Files.newInputStream(app.path(Path.of(from)))) {
                statement = indexes.add(in, fingerprint, from);
            } catch (IOException e) {
                boolean absent = e instanceof NoSuchFileException;
                throw new Problem(
                        absent ? Problem.Kind.USAGE : Problem.Kind.DISK, "cannot read " + from + ": " + Problem.why(e));
            }
            print(app, statement, "index-import", from);
            if (expected == null) {
                app.console()
                        .say("the index states its maker itself: compare the fingerprint with the one that "
                                + statement.madeBy() + " published");
            }
            return 0;
        }

        private InputStream body() throws Problem {
            try {
                Response response = app.transport().open(Request.get(new URI(from)));
                return response.body();
            } catch (URISyntaxException e) {
                throw new Problem(Problem.Kind.USAGE, from + " is not a URL: " + e.getReason());
            }
        }
    }

    private static Fingerprint fingerprint(String text) throws Problem {
        try {
            return new Fingerprint(text);
        } catch (IllegalArgumentException e) {
            throw new Problem(Problem.Kind.USAGE, String.valueOf(e.getMessage()));
        }
    }

    /** {@code histods index list}: lists the imported indexes. */
    @Command(
            name = "list",
            description = "List the imported indexes",
            footer = {"", "Example:", "  histods index list"})
    public static final class ListAll implements CliCommand {

        private final AppContext app;

        public ListAll(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            try (SharedIndexes indexes = new SharedIndexes(app.mirror())) {
                List<SharedIndex.Statement> all = indexes.all();
                all.forEach(statement -> print(app, statement, "index", null));
                if (all.isEmpty()) {
                    app.console()
                            .say("no index was imported into the mirror "
                                    + app.mirror().root());
                }
                return 0;
            }
        }
    }

    /** {@code histods index remove}: deletes an imported index. */
    @Command(
            name = "remove",
            description = "Delete an imported index",
            footer = {"", "Example:", "  histods index remove 3f9a…"})
    public static final class Remove implements CliCommand {

        private final AppContext app;

        @Parameters(paramLabel = "FINGERPRINT", description = "fingerprint of the index, or its first digits")
        private String start = "";

        public Remove(AppContext app) {
            this.app = app;
        }

        @Override
        public int run() throws Problem {
            try (SharedIndexes indexes = new SharedIndexes(app.mirror())) {
                List<Fingerprint> matching = indexes.fingerprints().stream()
                        .filter(fingerprint ->
                                !start.isEmpty() && fingerprint.hex().startsWith(start))
                        .toList();
                if (matching.size() != 1) {
                    throw new Problem(
                            Problem.Kind.USAGE,
                            (matching.isEmpty() ? "no imported index has" : "several imported indexes have")
                                    + " a fingerprint that begins with '" + start + "'",
                            "`histods index list` lists them");
                }
                indexes.remove(matching.get(0));
                app.console().say("removed the index " + matching.get(0));
                return 0;
            }
        }
    }
}
