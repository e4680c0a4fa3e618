package org.histods.pull;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.EditedFiles;
import org.histods.provenance.FileSelection;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Finds out whether a manifest that was edited since a dataset was pulled describes other files than the mirror has. */
final class EditedManifest {

    private static final int LISTED = 20;

    private EditedManifest() {}

    /**
     * Compares what the manifest describes with what was fetched. Reads nothing more if the dataset was pulled with the same
     * manifest.
     *
     * @param covered whether the bag has all that is requested; else the pull adds to it, and takes the manifest over for all of it
     * @throws Problem {@code UPSTREAM_CHANGED} if one differs; {@code DISK} or {@code WRONG_BYTES} if the record cannot be read
     */
    static void requireSameFiles(Bag bag, PullRequest request, boolean covered) throws Problem {
        ManifestFile manifest = request.manifest();
        String text = text(bag);
        if (text != null && ManifestFile.sha256(text).equals(manifest.sha256())) {
            return;
        }
        Manifest now = manifest.manifest();
        FileSelection requested = FileSelection.of(request.only(), now);
        EditedFiles edited = covered
                ? EditedFiles.of(now, before(bag, text), bag, requested)
                : EditedFiles.of(now, before(bag, text), bag, FileSelection.ofGlobs(bag.selection()))
                        .without(requested);
        if (edited.any()) {
            throw new Problem(
                    Problem.Kind.UPSTREAM_CHANGED,
                    bag.ref().id() + " " + bag.ref().version() + " is in the mirror with other files than its manifest"
                            + " describes now: " + String.join(", ", counts(edited)) + "\n" + lines(edited),
                    hint(bag, edited, covered));
        }
    }

    private static String hint(Bag bag, EditedFiles edited, boolean covered) {
        boolean onlyAdded = edited.removed().isEmpty()
                && edited.changed().isEmpty()
                && edited.rules().isEmpty();
        return onlyAdded && !covered
                ? "the same command with --only '" + String.join(",", bag.selection()) + "' too fetches what was added"
                : "if the manifest is right, `histods remove " + bag.ref().id() + "@"
                        + bag.ref().version()
                        + "` and the same command again fetch its files; another version in the manifest keeps both";
    }

    private static List<String> counts(EditedFiles edited) {
        List<String> counts = new ArrayList<>();
        if (!edited.added().isEmpty()) {
            counts.add(Count.of(edited.added().size(), "file") + " added");
        }
        if (!edited.removed().isEmpty()) {
            counts.add(Count.of(edited.removed().size(), "file") + " removed");
        }
        int changed = edited.changed().size();
        if (changed > 0) {
            counts.add(Count.of(changed, "checksum") + " differ" + (changed == 1 ? "s" : ""));
        }
        int rules = edited.rules().size();
        if (rules > 0) {
            counts.add(Count.of(rules, "field") + " that decide" + (rules == 1 ? "s" : "") + " files or paths changed");
        }
        return counts;
    }

    private static String lines(EditedFiles edited) {
        List<String> lines = new ArrayList<>();
        edited.added().forEach(path -> lines.add("  + " + path));
        edited.removed().forEach(path -> lines.add("  - " + path));
        edited.changed()
                .forEach(one -> lines.add(
                        "  " + one.path() + "\n    manifest  " + one.pinned() + "\n    mirror    " + one.fetched()));
        edited.rules()
                .forEach(rule -> lines.add(
                        "  " + rule.field() + "\n    manifest  " + rule.now() + "\n    mirror    " + rule.then()));
        return String.join("\n", lines.subList(0, Math.min(LISTED, lines.size())));
    }

    /** Null if it is missing or cannot be read, which {@code histods verify} reports. */
    private static @Nullable String text(Bag bag) {
        try {
            return Files.readString(bag.ref().path().resolve("manifest.yaml"));
        } catch (IOException e) {
            return null;
        }
    }

    private static @Nullable Manifest before(Bag bag, @Nullable String text) {
        try {
            return text == null
                    ? null
                    : new ManifestReader()
                            .read(text, "manifest.yaml", bag.ref().id())
                            .manifest();
        } catch (Problem p) {
            // Of an older format, or changed, which `histods verify` reports.
            return null;
        }
    }
}
