package org.histods.manifest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import org.histods.digest.Algorithm;
import org.histods.digest.Glob;
import org.histods.text.Suggestions;
import org.histods.yaml.PointerError;

/**
 * Rules for what makes a valid manifest unusable: unknown kinds of source, licences that do not exist, DOIs of another version,
 * splits without files, sources that contradict each other.
 */
public final class UsabilityRules {

    private static final Pattern ARCHIVE =
            Pattern.compile(".*\\.(zip|tar|tgz|tbz2?|txz|7z|rar|gz|bz2|xz|zst)", Pattern.CASE_INSENSITIVE);

    private final Manifest manifest;
    private final SourceKinds kinds;
    private final SpdxLicenses licenses;
    private final List<PointerError> broken = new ArrayList<>();

    public UsabilityRules(Manifest manifest, SourceKinds kinds, SpdxLicenses licenses) {
        this.manifest = manifest;
        this.kinds = kinds;
        this.licenses = licenses;
    }

    /** What is wrong; empty if nothing is. */
    public List<PointerError> broken() {
        license();
        kinds();
        openWithoutSource();
        doi();
        paths();
        checksums();
        globs();
        splits();
        return List.copyOf(broken);
    }

    private void say(String pointer, String message) {
        broken.add(new PointerError(pointer, message));
    }

    private void license() {
        String spdx = manifest.terms().license().spdx();
        if (spdx != null && !licenses.has(spdx)) {
            List<String> near = licenses.near(spdx);
            say(
                    "/license/spdx",
                    "'" + spdx + "' is not a known SPDX identifier"
                            + (near.isEmpty()
                                    ? "; if none fits, write the licence in words as 'name'"
                                    : "; did you mean " + near.get(0) + "?"));
        }
    }

    private void kinds() {
        for (int i = 0; i < manifest.sources().size(); i++) {
            String kind = manifest.sources().get(i).kind();
            if (!kinds.names().contains(kind)) {
                List<String> near = Suggestions.to(kind, kinds.names());
                say(
                        "/sources/" + i + "/kind",
                        "there is no kind of source '" + kind + "'"
                                + (near.isEmpty()
                                        ? "; the kinds are " + String.join(", ", new java.util.TreeSet<>(kinds.names()))
                                        : "; did you mean " + near.get(0) + "?"));
            }
        }
    }

    private void openWithoutSource() {
        boolean open = manifest.terms().access().status() == Access.Status.OPEN;
        if (open && manifest.parts().isEmpty()) {
            say(
                    "/sources",
                    "the dataset is open, but no source is used automatically: one needs 'use: auto' or no 'use'");
        }
    }

    private void doi() {
        if (manifest.publication().doi() != null) {
            kinds.doiFault()
                    .apply(manifest.publication().doi(), manifest.sources())
                    .ifPresent(fault -> say("/doi", fault));
        }
    }

    /** Refuses a path in two parts, whose files go into one folder. */
    private void paths() {
        Map<String, String> parts = new HashMap<>();
        files((pointer, entry) -> {
            String before =
                    parts.putIfAbsent(entry.file().path(), entry.source().part());
            if (before != null && !before.equals(entry.source().part())) {
                say(
                        pointer + "/path",
                        "'" + entry.file().path() + "' is in part '" + before
                                + "' too: paths must differ between parts");
            }
        });
    }

    private void checksums() {
        Map<String, String> first = new HashMap<>();
        files((pointer, entry) -> {
            for (PinnedFile.Published published : entry.file().checksums()) {
                Algorithm algorithm = published.checksum().algorithm();
                String key = entry.source().part() + "\n" + entry.file().path() + "\n" + algorithm;
                String before = first.putIfAbsent(key, published.checksum().hex());
                boolean sameSource = entry.file().checksums().stream()
                        .anyMatch(p -> p.checksum().algorithm() == algorithm
                                && p.checksum().hex().equals(before));
                if (before != null && !before.equals(published.checksum().hex()) && !sameSource) {
                    say(
                            pointer + "/sums",
                            "the " + algorithm.word() + " of '" + entry.file().path()
                                    + "' differs from that of an earlier source: sources of one part must have the"
                                    + " same files");
                }
            }
        });
    }

    private record SourceFile(SourceSpec source, PinnedFile file) {}

    private void files(BiConsumer<String, SourceFile> each) {
        for (int i = 0; i < manifest.sources().size(); i++) {
            SourceSpec source = manifest.sources().get(i);
            for (int j = 0; j < source.files().size() && source.use() == SourceSpec.Use.AUTO; j++) {
                each.accept(
                        "/sources/" + i + "/files/" + j,
                        new SourceFile(source, source.files().get(j)));
            }
        }
    }

    private void globs() {
        manifest.contents().splits().forEach((name, globs) -> globs(globs, "/splits/" + PointerError.step(name)));
        if (manifest.contents().unpack() != null) {
            globs(manifest.contents().unpack().skip(), "/unpack/skip");
        }
        for (int i = 0; i < manifest.sources().size(); i++) {
            globs(manifest.sources().get(i).listing().include(), "/sources/" + i + "/include");
            globs(manifest.sources().get(i).listing().exclude(), "/sources/" + i + "/exclude");
        }
    }

    private void globs(List<String> globs, String at) {
        for (int i = 0; i < globs.size(); i++) {
            try {
                Glob.of(globs.get(i));
            } catch (IllegalArgumentException e) {
                say(at + "/" + i, String.valueOf(e.getMessage()));
            }
        }
    }

    /** Refuses globs of splits that match no pinned file, unless they may match unpacked files. */
    private void splits() {
        List<PinnedFile> pinned = new ArrayList<>();
        manifest.sources().forEach(source -> pinned.addAll(source.files()));
        if (pinned.isEmpty()) {
            return;
        }
        boolean allPinned = manifest.sources().stream()
                .filter(s -> s.use() == SourceSpec.Use.AUTO)
                .noneMatch(s -> s.files().isEmpty());
        boolean nothingUnpacks = allPinned
                && pinned.stream()
                        .noneMatch(f -> f.folder() || ARCHIVE.matcher(f.path()).matches());
        manifest.contents().splits().forEach((name, globs) -> {
            for (int i = 0; i < globs.size(); i++) {
                String glob = globs.get(i);
                if ((nothingUnpacks || ARCHIVE.matcher(glob).matches()) && none(pinned, glob)) {
                    List<String> near = Suggestions.to(
                            glob, pinned.stream().map(PinnedFile::path).toList());
                    say(
                            "/splits/" + PointerError.step(name) + "/" + i,
                            "no pinned file matches '" + glob + "'"
                                    + (near.isEmpty() ? "" : "; did you mean '" + near.get(0) + "'?"));
                }
            }
        });
    }

    private static boolean none(List<PinnedFile> pinned, String text) {
        try {
            Glob glob = Glob.of(text);
            return pinned.stream().noneMatch(file -> glob.matches(file.plainPath()));
        } catch (IllegalArgumentException e) {
            // Reported by globs().
            return false;
        }
    }
}
