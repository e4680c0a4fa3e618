package org.histods.pull.upstream;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.source.RemoteFile;
import org.histods.source.listing.FileProbe;
import org.histods.source.listing.PinnedFiles;
import org.histods.text.Count;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * Compares the files that a source pins with those that its host lists. Collects findings; asks no host.
 */
public final class ListingComparison {

    private final SourceSpec spec;
    private final String pointer;
    private final String name;
    private final @Nullable Map<String, String> pulled;
    private final List<Finding> findings = new ArrayList<>();
    private final Map<String, Checksum> folders = new HashMap<>();

    ListingComparison(SourceSpec spec, String pointer, @Nullable Map<String, String> pulled) {
        this.spec = spec;
        this.pointer = pointer;
        this.pulled = pulled;
        this.name = (spec.kind() + " " + spec.record()).strip();
    }

    List<Finding> findings() {
        return findings;
    }

    /** The git tree ids of the listed folders that the source pins, by the path that it has for them. */
    Map<String, Checksum> folders() {
        return folders;
    }

    void add(Outcome outcome, String path, String message, ManifestEdit... edits) {
        findings.add(new Finding(outcome, name, path, message, List.of(edits)));
    }

    void compare(List<RemoteFile> live) {
        Map<String, RemoteFile> byPath = new LinkedHashMap<>();
        live.forEach(file -> byPath.put(file.path().text(), file));
        Set<RemoteFile> left = new LinkedHashSet<>(live);
        List<Integer> lost = new ArrayList<>();
        for (int i = 0; i < spec.files().size(); i++) {
            PinnedFile pinned = spec.files().get(i);
            if (pinned.folder()) {
                folder(pinned, live, left);
                continue;
            }
            RemoteFile file = find(pinned, byPath);
            if (file == null) {
                lost.add(i);
            } else {
                left.remove(file);
                compare(i, pinned, file, null);
            }
        }
        for (int i : lost) {
            lost(i, spec.files().get(i), left);
        }
        if (spec.files().isEmpty()) {
            whole(live);
        } else {
            left.forEach(file -> add(Outcome.NEW, file.path().text(), "the manifest does not pin it" + stated(file)));
        }
    }

    /** The listed file of that path, of its name at the source, or of that id or URL there. */
    private static @Nullable RemoteFile find(PinnedFile pinned, Map<String, RemoteFile> byPath) {
        String at = pinned.at();
        if (at == null) {
            return byPath.get(pinned.plainPath());
        }
        RemoteFile named = byPath.get(at);
        if (named != null) {
            return named;
        }
        return byPath.values().stream()
                .filter(file -> file.uris().stream()
                        .map(URI::toString)
                        .anyMatch(uri -> uri.equals(at) || uri.endsWith("/" + at) || uri.endsWith("=" + at)))
                .findFirst()
                .orElse(byPath.get(pinned.plainPath()));
    }

    /** A folder of a repository is compared by the id that follows from the ids of its files. */
    private void folder(PinnedFile pinned, List<RemoteFile> live, Set<RemoteFile> left) {
        String prefix = (pinned.at() == null ? pinned.plainPath() : PinnedFiles.name(pinned)) + "/";
        List<RemoteFile> inside = live.stream()
                .filter(file -> file.path().text().startsWith(prefix))
                .toList();
        inside.forEach(left::remove);
        Published tree = pinned.gitTree().orElse(null);
        if (inside.isEmpty()) {
            add(Outcome.GONE, pinned.path(), "the host has no such folder");
            return;
        }
        GitObjects.Tree listed = new GitObjects.Tree();
        for (RemoteFile file : inside) {
            RemoteFile.Stated blob = file.stated(Algorithm.GIT_BLOB).orElse(null);
            if (tree == null || blob == null) {
                add(Outcome.NOT_CHECKED, pinned.path(), "there is no git tree id to compare");
                return;
            }
            listed.add(file.path().text().substring(prefix.length()), file.executable(), blob.checksum());
        }
        Checksum now = listed.id();
        folders.put(pinned.path(), now);
        if (tree != null && now.equals(tree.checksum())) {
            add(Outcome.SAME, pinned.path(), "as pinned");
        } else {
            add(
                    Outcome.CHANGED,
                    pinned.path(),
                    "sum: pinned " + (tree == null ? "" : tree.checksum()) + ", now " + now);
        }
    }

    /** A file that is not in the listing under its name: one of the same checksum is the same file. */
    private void lost(int index, PinnedFile pinned, Set<RemoteFile> left) {
        RemoteFile same = left.stream()
                .filter(file -> pinned.checksums().stream()
                        .anyMatch(p -> file.stated(p.checksum().algorithm())
                                .filter(s -> s.checksum().equals(p.checksum()))
                                .isPresent()))
                .findFirst()
                .orElse(null);
        if (same == null) {
            add(Outcome.GONE, pinned.path(), "the host has no file of that name or checksum");
        } else {
            left.remove(same);
            add(
                    Outcome.MOVED,
                    pinned.path(),
                    "the host has these bytes as " + same.path(),
                    ManifestEdit.set(filePointer(index), "at", same.path().text()));
        }
    }

    private String filePointer(int index) {
        return pointer + "/files/" + index;
    }

    /** A source without pinned files, of which the size may be stated. */
    private void whole(List<RemoteFile> live) {
        Size sum = live.stream().map(file -> Size.of(file.bytes())).reduce(Size.ZERO, Size::plus);
        String now = "the host lists " + Count.of(live.size(), "file") + ", "
                + (sum.known() ? sum.text() : "of unknown size") + "; the manifest pins none";
        Long exact = sum.exactly().orElse(null);
        Size stated = spec.size() == null ? Size.UNKNOWN : spec.size().size();
        if (exact == null || stated.exactly().filter(exact::equals).isPresent()) {
            add(Outcome.SAME, "", now);
            return;
        }
        ManifestEdit edit = ManifestEdit.size(pointer, exact, "the listing of " + spec.kind());
        if (stated.known() && !stated.agrees(sum)) {
            add(Outcome.CHANGED, "", "size: stated as " + stated.text() + "; " + now, edit);
        } else {
            add(Outcome.SAME, "", now);
            add(Outcome.KNOWN, "", "size: " + exact + " bytes", edit);
        }
    }

    private static String stated(RemoteFile file) {
        return (file.bytes() == null ? "" : "; bytes: " + file.bytes())
                + file.checksums().stream().map(s -> "; " + s.checksum()).reduce("", String::concat);
    }

    /** @param probe what was stated when the file itself was asked for; null if it was found in a listing */
    void compare(int index, PinnedFile pinned, RemoteFile live, @Nullable FileProbe probe) {
        List<String> differences = new ArrayList<>();
        boolean compared = false;
        boolean content = false;
        Size size = Size.of(live.bytes());
        if (pinned.stated().known() && live.bytes() != null) {
            compared = true;
            if (!pinned.stated().agrees(size)) {
                differences.add("bytes: pinned "
                        + (pinned.bytes() == null ? pinned.stated().text() : pinned.bytes()) + ", now "
                        + live.bytes());
            }
        }
        for (Published published : pinned.checksums()) {
            RemoteFile.Stated now =
                    live.stated(published.checksum().algorithm()).orElse(null);
            if (now != null) {
                compared = true;
                content = true;
                if (!now.checksum().equals(published.checksum())) {
                    differences.add("sum: pinned " + published.checksum() + " by " + published.by() + ", now "
                            + now.checksum() + " by " + now.by());
                }
            }
        }
        if (!differences.isEmpty()) {
            add(Outcome.CHANGED, pinned.path(), String.join("; ", differences), changed(index, pinned, live));
            return;
        }
        String unknown = compared && !content && pulled != null
                ? onlySize(pulled.get(pinned.path()), probe == null ? null : probe.tag())
                : null;
        if (unknown != null) {
            add(Outcome.NOT_CHECKED, pinned.path(), unknown);
        } else if (compared) {
            add(Outcome.SAME, pinned.path(), "as pinned");
        } else {
            add(
                    Outcome.NOT_CHECKED,
                    pinned.path(),
                    (probe != null ? "the file is there, but its" : "the")
                            + " host states none of the values that the manifest pins");
        }
        known(index, pinned, live);
    }

    /** Why a file of the same size may have other content; null if the host identifies it as it did before. */
    private static @Nullable String onlySize(@Nullable String before, @Nullable String now) {
        if (before == null || now == null) {
            return "it has the same size, and the host states nothing else about its content";
        }
        return before.equals(now)
                ? null
                : "it has the same size, but the host identifies its content as " + now + " and did as " + before
                        + " when it was pulled";
    }

    /** The size and the checksums that the host states now; none that somebody stated of the earlier bytes. */
    private ManifestEdit[] changed(int index, PinnedFile pinned, RemoteFile live) {
        List<ManifestEdit> edits = new ArrayList<>();
        if (live.bytes() != null) {
            edits.add(ManifestEdit.bytes(filePointer(index), live.bytes()));
        }
        Set<Checksum> now = new LinkedHashSet<>();
        live.checksums().forEach(s -> now.add(s.checksum()));
        boolean same = pinned.checksums().stream().allMatch(p -> now.contains(p.checksum()));
        if (!same) {
            edits.add(ManifestEdit.checksums(filePointer(index), published(live.checksums())));
        }
        return edits.toArray(ManifestEdit[]::new);
    }

    private void known(int index, PinnedFile pinned, RemoteFile live) {
        if (pinned.bytes() == null && live.bytes() != null) {
            add(
                    Outcome.KNOWN,
                    pinned.path(),
                    "bytes: " + live.bytes(),
                    ManifestEdit.bytes(filePointer(index), live.bytes()));
        }
        List<RemoteFile.Stated> more = live.checksums().stream()
                .filter(s -> pinned.checksums().stream()
                        .noneMatch(p -> p.checksum().algorithm() == s.checksum().algorithm()))
                .toList();
        for (RemoteFile.Stated s : more) {
            add(
                    Outcome.KNOWN,
                    pinned.path(),
                    "sum: " + s.checksum() + " by " + s.by(),
                    ManifestEdit.sum(filePointer(index), new Published(s.checksum(), s.by())));
        }
    }

    private static List<Published> published(List<RemoteFile.Stated> checksums) {
        return checksums.stream().map(s -> new Published(s.checksum(), s.by())).toList();
    }
}
