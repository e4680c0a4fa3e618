package org.histods.pull;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.GitObjects;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileProbe;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.text.Count;
import org.histods.text.Size;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * Compares manifests with what their hosts state today. Fetches no data: a checksum is compared if the host states one
 * of the same algorithm. A value that the host does not publish is never reported as compared. Asks for each listing once,
 * also where several sources share it.
 */
public final class UpstreamCheck {

    /** The result of a comparison. */
    public enum Outcome {
        /** The host states the same. */
        SAME,
        /** The record or the file no longer exists. */
        GONE,
        /** It was renamed. */
        MOVED,
        /** The host states another size or checksum. */
        CHANGED,
        /** The host has a newer version of the record, with other files. */
        NEWER,
        /** The host states a size or a checksum that the manifest does not have. */
        KNOWN,
        /** The host has a file that the manifest does not pin. */
        NEW,
        /** Nothing was compared: the host does not respond, refuses, or states nothing. */
        NOT_CHECKED,
        /** Nothing was compared, because only a person has access. */
        BY_HAND;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** Whether the manifest no longer matches the host. */
        public boolean differs() {
            return this == GONE || this == MOVED || this == CHANGED || this == NEWER;
        }
    }

    /**
     * Result for one file or for a whole source.
     *
     * @param source the kind and the record
     * @param path the pinned file, empty for the whole source
     * @param message what the manifest pins, what the host states, and what to change
     * @param edits of the manifest, which somebody should review; empty if there is nothing to change or a person must do it
     */
    public record Finding(Outcome outcome, String source, String path, String message, List<ManifestEdit> edits) {
        public Finding {
            edits = List.copyOf(edits);
        }
    }

    /**
     * A newer version of a source's record.
     *
     * @param spec the source as the manifest has it
     * @param newest what the host says of the newest version
     * @param changes its files compared with those of the manifest
     */
    public record Newer(SourceSpec spec, RecordDescription newest, FileChanges changes) {}

    private final List<Source> sources;
    private final Transport transport;
    private final List<Newer> newer = new ArrayList<>();
    private final Map<SourceSpec, HostListing> listings = new HashMap<>();
    private final Map<URI, HostDescription> descriptions = new HashMap<>();

    public UpstreamCheck(List<Source> sources, Transport transport) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
    }

    /** A listing or the reason why there is none. */
    private record HostListing(
            List<RemoteFile> files, @Nullable Problem problem) {}

    /** A description, none if the URL is of no record, or the reason why there is none. */
    private record HostDescription(
            @Nullable RecordDescription description,
            @Nullable Problem problem) {}

    /**
     * Checks every source that is in use.
     *
     * @return at least one finding for each such source
     * @throws Problem {@code INTERRUPTED} only; a host that does not respond is a finding
     */
    public List<Finding> check(Manifest manifest) throws Problem {
        return check(manifest, null);
    }

    /**
     * The same for files that were pulled: where the host states no checksum that can be compared, a file is the same only if
     * the host identifies its content as it did then. Of one that has the same size only, it is not known.
     *
     * @param pulled what the host stated when each file was pulled, as {@link FileProbe#tag}, by path; null for a manifest, of
     *     which only what it pins is compared
     */
    List<Finding> check(Manifest manifest, @Nullable Map<String, String> pulled) throws Problem {
        List<Finding> findings = new ArrayList<>();
        for (int i = 0; i < manifest.sources().size(); i++) {
            SourceSpec spec = manifest.sources().get(i);
            if (spec.use() != SourceSpec.Use.NEVER) {
                SourceComparison comparison = new SourceComparison(spec, "/sources/" + i, pulled);
                comparison.run();
                findings.addAll(comparison.findings);
            }
        }
        return findings;
    }

    /** The newer versions that {@link #check} has found. */
    public List<Newer> newer() {
        return List.copyOf(newer);
    }

    /** What the findings say of the files that a source now lists. */
    FileChanges changes(SourceSpec spec, List<Finding> findings) throws Problem {
        Source source = source(spec).orElse(null);
        SourceSpec asked = source == null ? null : source.unpinned(spec).orElse(null);
        return FileChanges.of(
                findings,
                source == null || asked == null
                        ? List.of()
                        : listing(source, asked).files());
    }

    /** The files that a manifest pins at one source, compared with those that it pins at another. */
    FileChanges compare(SourceSpec held, SourceSpec other) throws Problem {
        Source source = source(other).orElse(null);
        if (source == null || held.files().isEmpty() || other.files().isEmpty()) {
            return FileChanges.UNKNOWN;
        }
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : other.files()) {
            if (!file.folder()) {
                files.add(
                        PinnedFiles.remote(other, file, List.of(URI.create("https://" + other.kind() + ".invalid/"))));
            }
        }
        SourceComparison comparison = new SourceComparison(held, "", null);
        comparison.compare(files);
        return FileChanges.of(comparison.findings, files);
    }

    private Optional<Source> source(SourceSpec spec) {
        return sources.stream().filter(s -> s.kind().equals(spec.kind())).findFirst();
    }

    private HostListing listing(Source source, SourceSpec spec) throws Problem {
        HostListing known = listings.get(spec);
        if (known == null) {
            try {
                known = new HostListing(source.resolve(spec, transport), null);
            } catch (Problem p) {
                known = new HostListing(List.of(), checked(p));
            }
            listings.put(spec, known);
        }
        return known;
    }

    private Optional<RecordDescription> description(Source source, URI page) throws Problem {
        HostDescription known = descriptions.get(page);
        if (known == null) {
            try {
                known = new HostDescription(source.describe(page, transport).orElse(null), null);
            } catch (Problem p) {
                known = new HostDescription(null, checked(p));
            }
            descriptions.put(page, known);
        }
        if (known.problem() != null) {
            throw known.problem();
        }
        return Optional.ofNullable(known.description());
    }

    private static Problem checked(Problem problem) throws Problem {
        if (problem.kind() == Kind.INTERRUPTED) {
            throw problem;
        }
        return problem;
    }

    private static String firstLine(Problem problem) {
        return problem.message().lines().findFirst().orElse("");
    }

    private static boolean missing(Problem problem) {
        Integer status = SourceProblems.status(problem);
        return status != null && (status == 404 || status == 410);
    }

    /** The comparison of one source. */
    private final class SourceComparison {

        private final SourceSpec spec;
        private final String pointer;
        private final String name;
        private final @Nullable Map<String, String> pulled;
        private final List<Finding> findings = new ArrayList<>();

        SourceComparison(SourceSpec spec, String pointer, @Nullable Map<String, String> pulled) {
            this.spec = spec;
            this.pointer = pointer;
            this.pulled = pulled;
            this.name = (spec.kind() + " " + spec.record()).strip();
        }

        private void add(Outcome outcome, String path, String message, ManifestEdit... edits) {
            findings.add(new Finding(outcome, name, path, message, List.of(edits)));
        }

        void run() throws Problem {
            Source source = source(spec).orElse(null);
            if (source == null) {
                add(Outcome.NOT_CHECKED, "", "histods has no source of that kind");
            } else if (source.byHand()) {
                page();
            } else {
                compare(source);
            }
        }

        /** Checks whether the page that a person would open exists. */
        private void page() throws Problem {
            URI uri;
            try {
                uri = PinnedFiles.webAddress(spec.record());
            } catch (IllegalArgumentException e) {
                add(Outcome.BY_HAND, "", "only a person can check it");
                return;
            }
            try {
                FileProbe.of(transport.open(Request.get(uri).allowUnencrypted()));
                add(Outcome.BY_HAND, "", "its page responds; only a person can compare the files");
            } catch (Problem p) {
                if (missing(checked(p))) {
                    add(Outcome.GONE, "", "its page is gone: " + firstLine(p));
                } else {
                    add(
                            Outcome.BY_HAND,
                            "",
                            "only a person can check it, and its page did not respond: " + firstLine(p));
                }
            }
        }

        private void compare(Source source) throws Problem {
            SourceSpec asked = source.unpinned(spec).orElse(null);
            HostListing listed = asked == null ? null : listing(source, asked);
            if (listed == null) {
                probe(source);
            } else if (listed.problem() != null) {
                failed(listed.problem());
            } else {
                compare(listed.files());
            }
            if (findings.stream()
                    .noneMatch(f -> f.outcome() == Outcome.GONE && f.path().isEmpty())) {
                newest(source, listed == null || listed.problem() == null);
            }
        }

        private void failed(Problem p) {
            if (p.kind() == Kind.UPSTREAM_CHANGED) {
                add(Outcome.CHANGED, "", firstLine(p));
            } else if (missing(p)) {
                add(Outcome.GONE, "", firstLine(p));
            } else {
                add(Outcome.NOT_CHECKED, "", firstLine(p));
            }
        }

        /** Requests each file, for hosts without a listing. */
        private void probe(Source source) throws Problem {
            if (spec.files().isEmpty()) {
                record(source);
                return;
            }
            List<RemoteFile> files;
            try {
                files = source.resolve(spec, transport);
            } catch (Problem p) {
                failed(checked(p));
                return;
            }
            for (int i = 0; i < spec.files().size(); i++) {
                PinnedFile pinned = spec.files().get(i);
                RemoteFile file = i < files.size() ? files.get(i) : null;
                if (file == null || !file.path().text().equals(pinned.plainPath())) {
                    add(Outcome.NOT_CHECKED, pinned.path(), "the host has no listing that could be compared");
                    continue;
                }
                try {
                    FileProbe probe = FileProbe.of(source.open(file, file.uri(), 0, 0, null, transport));
                    compare(i, pinned, RemoteFile.of(file.path(), file.uri(), probe.bytes(), List.of()), probe);
                } catch (Problem p) {
                    if (missing(checked(p))) {
                        add(Outcome.GONE, pinned.path(), firstLine(p));
                    } else {
                        add(Outcome.NOT_CHECKED, pinned.path(), firstLine(p));
                    }
                }
            }
        }

        /** Checks whether the record exists, if listing its files would take too many requests. */
        private void record(Source source) throws Problem {
            URI page = source.newest(spec).orElse(null);
            if (page == null) {
                add(Outcome.NOT_CHECKED, "", "the host has no listing that could be compared");
                return;
            }
            try {
                if (description(source, page).isPresent()) {
                    add(Outcome.SAME, "", "the record exists; its files are listed at each pull, and none is pinned");
                } else {
                    add(Outcome.NOT_CHECKED, "", "the host has no listing that could be compared");
                }
            } catch (Problem p) {
                failed(checked(p));
            }
        }

        private void compare(List<RemoteFile> live) {
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
                left.forEach(
                        file -> add(Outcome.NEW, file.path().text(), "the manifest does not pin it" + stated(file)));
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
        private void compare(int index, PinnedFile pinned, RemoteFile live, @Nullable FileProbe probe) {
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
                            .noneMatch(p ->
                                    p.checksum().algorithm() == s.checksum().algorithm()))
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
            return checksums.stream()
                    .map(s -> new Published(s.checksum(), s.by()))
                    .toList();
        }

        /** Finds out where the record is now, and whether there is a newer version. */
        private void newest(Source source, boolean there) throws Problem {
            URI page = source.newest(spec).orElse(null);
            if (page == null) {
                return;
            }
            try {
                RecordDescription newest = description(source, page).orElse(null);
                if (newest != null) {
                    compare(source, newest, page);
                }
            } catch (Problem p) {
                checked(p);
                if (there) {
                    add(Outcome.NOT_CHECKED, "", "whether there is a newer version: " + firstLine(p));
                }
            }
        }

        private void compare(Source source, RecordDescription newest, URI page) throws Problem {
            String now = newest.spec().record();
            String base = base(now);
            if (!base.equals(now) && !base.equalsIgnoreCase(base(spec.record()))) {
                String record =
                        base + spec.record().substring(base(spec.record()).length());
                add(
                        Outcome.MOVED,
                        "",
                        "the record is now " + base + ", see "
                                + newest.publication().landing(),
                        ManifestEdit.set(pointer, "record", record));
                return;
            }
            boolean pinned = !base(spec.record()).equals(spec.record()) || base.equals(now);
            boolean same = now.equals(spec.record())
                    && (spec.option("version") == null
                            || spec.option("version").equals(newest.spec().option("version")));
            FileChanges changes = pinned && !same ? changes(source, newest.spec()) : FileChanges.NONE;
            if (changes.any()) {
                newer.add(new Newer(spec, newest, changes));
                String version = newest.spec().option("version") == null
                        ? now
                        : now + " version " + newest.spec().option("version");
                add(
                        Outcome.NEWER,
                        "",
                        "the newest is " + version + "; draft it with `histods manifest new " + page + "`");
            }
        }

        /** The record without its version or commit. */
        private static String base(String record) {
            return record.replaceFirst("(@|/versions/).*$", "");
        }

        /** The files of the newest version, compared with those that are pinned. */
        private FileChanges changes(Source source, SourceSpec newest) throws Problem {
            SourceSpec asked = source.unpinned(new SourceSpec(
                            spec.kind(),
                            newest.record(),
                            spec.official(),
                            spec.part(),
                            spec.use(),
                            null,
                            newest.options().isEmpty() ? spec.options() : newest.options(),
                            new SourceSpec.Listing(
                                    null,
                                    spec.listing().include(),
                                    spec.listing().exclude()),
                            null,
                            spec.files()))
                    .orElse(null);
            if (asked == null || spec.files().isEmpty()) {
                return FileChanges.UNKNOWN;
            }
            HostListing listed = listing(source, asked);
            if (listed.problem() != null) {
                return FileChanges.UNKNOWN;
            }
            SourceComparison comparison = new SourceComparison(spec, pointer, null);
            comparison.compare(listed.files());
            SourceSpec held = source.unpinned(spec).orElse(null);
            Set<String> before = new HashSet<>();
            if (held != null) {
                listing(source, held)
                        .files()
                        .forEach(file -> before.add(file.path().text()));
            }
            // A file that the held version has and the manifest leaves out is not added.
            comparison.findings.removeIf(f -> f.outcome() == Outcome.NEW && before.contains(f.path()));
            return FileChanges.of(comparison.findings, listed.files());
        }
    }
}
