package org.histods.cli.mirror;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.cli.shell.AppContext;
import org.histods.cli.shell.CliCommand;
import org.histods.cli.shell.Console;
import org.histods.cli.shell.MirrorLookup;
import org.histods.digest.FilePath;
import org.histods.image.ImageCheck;
import org.histods.image.ImageCheck.Outcome;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.BagWriter;
import org.histods.text.Count;

/** {@code verify --images}: whether the images of a pulled dataset can be opened. */
final class ImageVerification {

    /** The most files of each kind that a JSON line, or a line of the journal, lists. */
    private static final int MAX_LISTED = 1000;

    private final AppContext app;

    ImageVerification(AppContext app) {
        this.app = app;
    }

    private record Checked(FilePath path, ImageCheck.Result result) {

        String line() {
            return path + ": " + result.why();
        }

        Map<String, Object> json() {
            Map<String, Object> json = new LinkedHashMap<>();
            json.put("path", path.text());
            json.put("why", result.why());
            return json;
        }
    }

    /**
     * Checks all images of a bag that exist, prints what is wrong, and records it in the mirror's journal.
     *
     * @return the exit code: 0 if none is broken
     */
    int check(Bag bag) throws Problem {
        Path data = bag.ref().data();
        List<FilePath> images = bag.checksums().keySet().stream()
                .filter(path -> ImageCheck.isImage(path.name()) && Files.isRegularFile(data.resolve(path.text())))
                .toList();
        List<ImageCheck.Result> results =
                results(images.stream().map(path -> data.resolve(path.text())).toList());
        List<Checked> checked = new ArrayList<>();
        for (int i = 0; i < images.size(); i++) {
            checked.add(new Checked(images.get(i), results.get(i)));
        }
        List<Checked> broken = of(checked, Outcome.BROKEN);
        List<Checked> unchecked = of(checked, Outcome.NOT_CHECKED);
        Console console = app.console();
        Map<String, Object> line = MirrorLookup.event("verify-images", bag.ref());
        line.put("images", checked.size());
        line.put("open", checked.size() - broken.size() - unchecked.size());
        line.put("broken", broken.size());
        line.put("not_checked", unchecked.size());
        line.put(
                "broken_files",
                broken.stream().limit(MAX_LISTED).map(Checked::json).toList());
        line.put(
                "unchecked_files",
                unchecked.stream().limit(MAX_LISTED).map(Checked::json).toList());
        console.object(line);
        Consumer<String> lines = VerifyCommand.lines(console, broken.isEmpty());
        lines.accept(bag.ref().id() + " " + bag.ref().version() + ": " + Count.of(checked.size(), "image") + ", "
                + broken.size() + " cannot be opened"
                + (unchecked.isEmpty() ? "" : ", " + unchecked.size() + " not checked"));
        VerifyCommand.list(
                lines, "cannot be opened", broken.stream().map(Checked::line).toList());
        VerifyCommand.list(
                lines, "not checked", unchecked.stream().map(Checked::line).toList());
        if (!broken.isEmpty()) {
            console.say("a file that matches its checksum but cannot be opened was published that way; tell its"
                    + " authors");
        }
        record(bag, line);
        return broken.isEmpty() ? 0 : CliCommand.NO;
    }

    private static List<ImageCheck.Result> results(List<Path> files) throws Problem {
        try {
            return ImageCheck.of(files);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.DISK, Problem.because("cannot read an image", e));
        }
    }

    private static List<Checked> of(List<Checked> checked, Outcome outcome) {
        return checked.stream().filter(one -> one.result().outcome() == outcome).toList();
    }

    /** Appends the result to the mirror's journal. The bag is not changed: it records where files come from, not checks. */
    private void record(Bag bag, Map<String, Object> line) {
        Map<String, Object> event = new LinkedHashMap<>();
        event.put("time", BagWriter.time(Instant.now()));
        event.put("event", "images");
        // Not `dataset`: the line says nothing about the state of the bag's record.
        event.put("of", bag.ref().id() + "@" + bag.ref().version());
        event.put("fingerprint", bag.fingerprint().hex());
        for (String name : List.of("images", "open", "broken", "not_checked", "broken_files")) {
            event.put(name, line.get(name));
        }
        try {
            app.mirror().journal().append(event);
        } catch (Problem p) {
            app.console().warn("the result could not be noted in the mirror's journal: " + p.message());
        }
    }
}
