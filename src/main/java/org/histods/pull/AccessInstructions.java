package org.histods.pull;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.histods.manifest.Access;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Explains how to get a dataset that cannot be downloaded without manual steps. */
final class AccessInstructions {

    private final Manifest manifest;
    private final @Nullable String source;

    AccessInstructions(Manifest manifest, @Nullable String source) {
        this.manifest = manifest;
        this.source = source;
    }

    /** No source of that part is used automatically. */
    Problem noSource(String part) {
        if (source != null) {
            List<String> kinds = manifest.sources().stream()
                    .filter(s -> s.use() != SourceSpec.Use.NEVER)
                    .map(SourceSpec::kind)
                    .distinct()
                    .toList();
            return new Problem(
                    Problem.Kind.USAGE,
                    manifest.id() + " has no usable source of the kind '" + source + "'",
                    kinds.isEmpty() ? null : "it has " + String.join(", ", kinds));
        }
        Access access = manifest.terms().access();
        String what = part.isEmpty() ? manifest.id().text() : manifest.id() + " (" + part + ")";
        String why = access.status() == Access.Status.UNAVAILABLE
                ? what + " is no longer available where it was published"
                : what + " cannot be downloaded automatically";
        return new Problem(
                Problem.Kind.PERSON,
                why + (access.note() == null ? "" : "\n  " + access.note()) + steps(),
                importHint(Set.of()));
    }

    /** A source requires a manual step. */
    Problem manual(Problem cause, List<Attempt> attempts, Set<String> local) {
        List<Attempt> others = attempts.stream()
                .filter(a -> !a.cause().equals(cause.message()))
                .toList();
        return new Problem(
                Problem.Kind.PERSON,
                cause.message() + terms() + steps() + missing(local),
                login(cause) + importHint(local),
                others,
                cause);
    }

    /** A login is less work than downloading files by hand. */
    private static String login(Problem cause) {
        String hint = cause.hint();
        return hint != null && hint.contains("histods login") ? hint + "; or download the files by hand, " : "";
    }

    private String terms() {
        return "\n  licence: " + manifest.terms().license().shown()
                + (manifest.terms().license().url() == null
                        ? ""
                        : " (" + manifest.terms().license().url() + ")");
    }

    private String steps() {
        Access access = manifest.terms().access();
        StringBuilder text = new StringBuilder();
        if (access.page() != null) {
            text.append("\n  page: ").append(access.page());
        } else if (manifest.publication().landing() != null) {
            text.append("\n  page: ").append(manifest.publication().landing());
        }
        for (int i = 0; i < access.steps().size(); i++) {
            text.append("\n  ").append(i + 1).append(". ").append(access.steps().get(i));
        }
        return text.toString();
    }

    private String missing(Set<String> local) {
        List<String> names = new ArrayList<>();
        for (SourceSpec spec : manifest.sources()) {
            if (spec.use() == SourceSpec.Use.NEVER) {
                continue;
            }
            for (PinnedFile file : spec.files()) {
                if (!file.optional() && !names.contains(file.path()) && !local.contains(file.plainPath())) {
                    names.add(file.path());
                }
            }
        }
        // The message of the source lists all expected files.
        if (names.isEmpty() || local.isEmpty()) {
            return "";
        }
        return "\n  still missing: " + Count.shortened(names, 20);
    }

    private String importHint(Set<String> local) {
        String command = "histods pull " + manifest.id() + " --from FILE…";
        if (manifest.terms().access().status() == Access.Status.UNAVAILABLE) {
            return "if you have a copy: " + command;
        }
        return local.isEmpty() ? "then: " + command : "give all files in one command: " + command;
    }
}
