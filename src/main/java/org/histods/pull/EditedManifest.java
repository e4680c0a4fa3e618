package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestFile;
import org.histods.manifest.ManifestReader;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.EditedFiles;
import org.histods.provenance.FileSelection;
import org.histods.provenance.PulledManifest;
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
        if (pulledWith(bag, manifest)) {
            return;
        }
        Manifest now = manifest.manifest();
        ManifestFile file = before(bag);
        Manifest then = file == null ? null : file.manifest();
        FileSelection requested = FileSelection.of(request.only(), now);
        EditedFiles edited = covered
                ? EditedFiles.of(now, then, bag, requested)
                : EditedFiles.of(now, then, bag, FileSelection.ofGlobs(bag.selection()))
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

    private static boolean pulledWith(Bag bag, ManifestFile manifest) {
        try {
            String text = PulledManifest.text(bag.ref());
            return text != null && ManifestFile.sha256(text).equals(manifest.sha256());
        } catch (Problem p) {
            return false;
        }
    }

    /** The manifest that the bag was pulled with; null if it is missing, damaged or of an older format. `histods verify` reports that. */
    private static @Nullable ManifestFile before(Bag bag) {
        try {
            return PulledManifest.of(bag.ref(), new ManifestReader());
        } catch (Problem p) {
            return null;
        }
    }
}
