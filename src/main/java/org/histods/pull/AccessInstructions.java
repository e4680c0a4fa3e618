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
import org.jspecify.annotations.Nullable;

/** Says what a person must do to get a dataset that a program cannot get alone. */
final class AccessInstructions {

    private final Manifest manifest;
    private final @Nullable String source;

    AccessInstructions(Manifest manifest, @Nullable String source) {
        this.manifest = manifest;
        this.source = source;
    }

    /** No source of that part is one that is used by itself. */
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
        Access access = manifest.access();
        String what = part.isEmpty() ? manifest.id().text() : manifest.id() + " (" + part + ")";
        String why = access.status() == Access.Status.UNAVAILABLE
                ? what + " can no longer be had from where it was published"
                : "no program can fetch " + what;
        return new Problem(
                Problem.Kind.PERSON,
                why + (access.note() == null ? "" : "\n  " + access.note()) + steps(),
                bring(Set.of()));
    }

    /** A source said that a person must act. */
    Problem person(Problem said, List<Attempt> attempts, Set<String> brought) {
        List<Attempt> others =
                attempts.stream().filter(a -> !a.cause().equals(said.message())).toList();
        return new Problem(
                Problem.Kind.PERSON,
                said.message() + terms() + steps() + missing(brought),
                login(said) + bring(brought),
                others,
                said);
    }

    /** Where a login opens it, that is less work than bringing files. */
    private static String login(Problem said) {
        String hint = said.hint();
        return hint != null && hint.contains("histods login") ? hint + "; or bring the files by hand, " : "";
    }

    private String terms() {
        return "\n  licence: " + manifest.license().shown()
                + (manifest.license().url() == null
                        ? ""
                        : " (" + manifest.license().url() + ")");
    }

    private String steps() {
        Access access = manifest.access();
        StringBuilder text = new StringBuilder();
        if (access.page() != null) {
            text.append("\n  page: ").append(access.page());
        } else if (manifest.landing() != null) {
            text.append("\n  page: ").append(manifest.landing());
        }
        for (int i = 0; i < access.steps().size(); i++) {
            text.append("\n  ").append(i + 1).append(". ").append(access.steps().get(i));
        }
        return text.toString();
    }

    private String missing(Set<String> brought) {
        List<String> names = new ArrayList<>();
        for (SourceSpec spec : manifest.sources()) {
            if (spec.use() == SourceSpec.Use.NEVER) {
                continue;
            }
            for (PinnedFile file : spec.files()) {
                if (!file.optional() && !names.contains(file.path()) && !brought.contains(file.plainPath())) {
                    names.add(file.path());
                }
            }
        }
        // What is expected at all stands in what the source said.
        if (names.isEmpty() || brought.isEmpty()) {
            return "";
        }
        String list = String.join(", ", names.subList(0, Math.min(20, names.size())));
        String more = names.size() > 20 ? " and " + (names.size() - 20) + " more" : "";
        return "\n  still missing: " + list + more;
    }

    private String bring(Set<String> brought) {
        if (manifest.access().status() == Access.Status.UNAVAILABLE) {
            return "who has a copy can bring it in: histods pull " + manifest.id() + " --from FILE…";
        }
        return brought.isEmpty()
                ? "then: histods pull " + manifest.id() + " --from FILE…"
                : "bring all files in one command: histods pull " + manifest.id() + " --from FILE…";
    }
}
