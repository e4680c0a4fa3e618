package org.histods.pull.upstream;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.fetch.ResponseSummary;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.provenance.Bag;
import org.histods.provenance.EditedFiles;
import org.histods.provenance.FetchRecord;
import org.histods.provenance.FileSelection;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Newer;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.source.RecordDescription;
import org.histods.text.Count;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a pulled dataset has a newer version, in the catalogue or at its hosts, and whether its hosts
 * changed the files of the same version. Uses {@link UpstreamCheck} for what hosts state.
 */
public final class VersionCheck {

    private final UpstreamCheck upstream;
    private final LocalDate today;

    /** @param today names the version of files that a host changed without a version of its own */
    public VersionCheck(UpstreamCheck upstream, LocalDate today) {
        this.upstream = upstream;
        this.today = today;
    }

    /**
     * The result for one dataset.
     *
     * @param held the version that is pulled
     * @param newer the manifest of a newer version; null if none is known
     * @param inCatalogue whether the catalogue has that manifest; else it is derived from the record of the newest version
     * @param where who has the newer version
     * @param changes what would change with the newer version
     * @param upstream how the host's files of the held version differ from those that were pulled
     * @param refreshed the manifest with the host's present files, if they differ and there is no newer version; null if there is
     *     nothing to refresh, or not all of it could be compared
     * @param unchecked what could not be checked, and why
     * @param byHand whether only a person can check any of it
     */
    public record Result(
            Manifest held,
            @Nullable Manifest newer,
            boolean inCatalogue,
            String where,
            FileChanges changes,
            FileChanges upstream,
            @Nullable Manifest refreshed,
            List<String> unchecked,
            boolean byHand) {

        public Result {
            unchecked = List.copyOf(unchecked);
        }

        /** The manifest of what an update pulls; null if there is nothing to update. */
        public @Nullable Manifest next() {
            return newer == null ? refreshed : newer;
        }

        /** Whether the host or the catalogue has something else. */
        public boolean outdated() {
            return newer != null || upstream.any();
        }
    }

    /**
     * Compares a dataset.
     *
     * @param held the manifest that it was pulled with
     * @param bag its bag; null if it is not in the mirror
     * @param catalogue the manifest in the catalogue; null if it has none
     * @throws Problem {@code INTERRUPTED}; {@code DISK} or {@code WRONG_BYTES} if the bag's record cannot be read
     */
    public Result check(Manifest held, @Nullable Bag bag, @Nullable Manifest catalogue) throws Problem {
        boolean inCatalogue = catalogue != null
                && !catalogue.version().equals(held.version())
                && !held.version().refreshes(catalogue.version());
        Manifest newest = inCatalogue && catalogue != null ? catalogue : held;
        List<FetchRecord> fetches = bag == null ? List.of() : bag.fetches();
        FileSelection selection = FileSelection.ofGlobs(bag == null ? List.of() : bag.selection());
        // The archive of a folder of a repository has another path than the folder.
        boolean whole = selection.everything()
                || fetches.stream().anyMatch(fetch -> !fetch.folder().isEmpty());
        Set<String> fetched = fetches.stream().map(FetchRecord::path).collect(Collectors.toSet());
        FileChanges changed = FileChanges.NONE;
        Map<SourceSpec, Optional<SourceSpec>> now = new LinkedHashMap<>();
        boolean listed = true;
        // Sources that share a record fail for the same reason.
        Set<String> unchecked = new LinkedHashSet<>();
        Set<Outcome> outcomes = new LinkedHashSet<>();
        List<SourceSpec> used = bag == null ? automatic(held) : used(held, fetches);
        Map<SourceSpec, SourceSpec> original = new HashMap<>();
        for (SourceSpec spec : used) {
            SourceSpec pinned = bag == null ? spec : ofVariant(pinned(spec, fetches), bag);
            original.put(pinned, spec);
            List<Finding> findings = upstream.check(held.with(List.of(pinned)), tags(spec, fetches)).stream()
                    .filter(finding -> whole || concerns(finding.path(), selection, fetched))
                    .toList();
            // Files that a manifest with pinned files leaves out were left out before, too.
            List<Finding> ofFiles = findings.stream()
                    .filter(f ->
                            f.outcome() != Outcome.NEW || (spec.files().isEmpty() && isSelected(selection, f.path())))
                    .toList();
            FileChanges ofSource = upstream.changes(pinned, ofFiles);
            changed = changed.plus(ofSource);
            if (ofSource.any()) {
                now.put(spec, upstream.current(spec, ofFiles));
            }
            for (Finding finding : findings) {
                outcomes.add(finding.outcome());
                listed &= !finding.path().isEmpty() || finding.outcome() == Outcome.SAME;
                String reason = unchecked(finding);
                if (reason != null) {
                    unchecked.add(reason);
                }
            }
        }
        if (used.isEmpty()) {
            unchecked.add("its files were not fetched from a source of its manifest");
        }
        if (bag != null && catalogue != null && catalogue.version().equals(held.version())) {
            unchecked.addAll(edited(EditedFiles.of(catalogue, held, bag, selection)));
        }
        if (inCatalogue) {
            // The catalogue may also be older than the host's newest version.
            upstream.check(newest.with(automatic(newest)));
            if (isOlder(newest, used)) {
                inCatalogue = false;
                newest = held;
            }
        }
        String where = "the catalogue";
        FileChanges changes = inCatalogue ? compare(used, newest) : FileChanges.NONE;
        Manifest result = inCatalogue ? newest : null;
        for (Newer newer : upstream.newer()) {
            SourceSpec spec = original.getOrDefault(newer.spec(), newer.spec());
            Manifest from = result == null ? newest : result;
            if (!from.sources().contains(spec)) {
                continue;
            }
            result = derived(from, spec, newer, held.version());
            where = spec.kind() + " " + newer.newest().spec().record();
            changes = inCatalogue ? FileChanges.UNKNOWN : changes.plus(newer.changes());
            inCatalogue = false;
        }
        return new Result(
                held,
                result,
                inCatalogue,
                where,
                changes,
                changed,
                result == null && listed ? refreshed(held, now) : null,
                List.copyOf(unchecked),
                outcomes.equals(Set.of(Outcome.BY_HAND)));
    }

    /**
     * The result for a version that nobody has: neither a bag nor a manifest of it is known, so that only the catalogue's version can
     * be named.
     */
    public static Result unknownVersion(DatasetVersion required, Manifest catalogue) {
        return new Result(
                catalogue.with(required, null, catalogue.sources()),
                catalogue,
                true,
                "the catalogue",
                FileChanges.UNKNOWN,
                FileChanges.NONE,
                null,
                List.of("neither the mirror nor the lock has version " + required + ", so its files are not known"),
                false);
    }

    /** How the catalogue's manifest of the held version was edited. */
    private static List<String> edited(EditedFiles files) {
        List<String> edits = new ArrayList<>();
        if (!files.added().isEmpty()) {
            edits.add("the catalogue now lists " + Count.orA(files.added().size(), "file")
                    + " of this version that the mirror does not have: " + first(files.added()));
        }
        if (!files.removed().isEmpty()) {
            edits.add(
                    "the catalogue no longer lists " + Count.orA(files.removed().size(), "file")
                            + " of this version that the mirror has: " + first(files.removed()));
        }
        if (!files.changed().isEmpty()) {
            edits.add("the catalogue now states "
                    + Count.orA(files.changed().size(), "checksum")
                    + " of this version that the files in the mirror do not have, for "
                    + first(files.changed().stream().map(EditedFiles.Pin::path).toList()));
        }
        files.rules()
                .forEach(rule -> edits.add("the catalogue now states another " + rule.field() + " for this version: "
                        + rule.now() + ", pulled with " + rule.then()));
        return edits;
    }

    private static String first(List<String> paths) {
        return paths.get(0) + (paths.size() > 1 ? " and others" : "");
    }

    /** What a finding leaves unchecked, and why; null if nothing. */
    private static @Nullable String unchecked(Finding finding) {
        boolean ofRecord = finding.path().isEmpty();
        return switch (finding.outcome()) {
            case NOT_CHECKED, BY_HAND ->
                finding.source() + (ofRecord ? "" : ", " + finding.path()) + ": " + finding.message();
            case GONE, MOVED, CHANGED -> ofRecord ? finding.source() + " has changed: " + finding.message() : null;
            default -> null;
        };
    }

    /** Whether the held version is the newest version of one of the catalogue's sources. */
    private boolean isOlder(Manifest catalogue, List<SourceSpec> held) {
        return upstream.newer().stream()
                .filter(newer -> catalogue.sources().contains(newer.spec()))
                .anyMatch(newer -> held.stream()
                        .anyMatch(spec -> spec.kind().equals(newer.spec().kind())
                                && spec.record().equals(newer.newest().spec().record())));
    }

    /** Whether a finding may be about a file that is in the bag, or that a pull of the same selection would fetch. */
    private static boolean concerns(String path, FileSelection selection, Set<String> fetched) {
        return path.isEmpty() || fetched.contains(path) || isSelected(selection, path);
    }

    private static boolean isSelected(FileSelection selection, String path) {
        return selection.everything() || (FilePath.fault(path) == null && selection.matches(new FilePath(path)));
    }

    private static List<SourceSpec> automatic(Manifest manifest) {
        return manifest.sources().stream()
                .filter(spec -> spec.use() == SourceSpec.Use.AUTO)
                .toList();
    }

    /** The sources that files were fetched from. */
    private static List<SourceSpec> used(Manifest manifest, List<FetchRecord> fetches) {
        Set<List<String>> records =
                fetches.stream().map(f -> List.of(f.source(), f.record())).collect(Collectors.toSet());
        return manifest.sources().stream()
                .filter(spec -> records.contains(List.of(spec.kind(), spec.record())))
                .toList();
    }

    /** How the host identified the content of each file that was fetched from a source. */
    private static Map<String, String> tags(SourceSpec spec, List<FetchRecord> fetches) {
        Map<String, String> tags = new HashMap<>();
        for (FetchRecord fetch : fetches) {
            ResponseSummary response = fetch.origin().response();
            String tag = response == null ? null : Response.validator(response.headers());
            if (tag != null
                    && fetch.source().equals(spec.kind())
                    && fetch.record().equals(spec.record())) {
                tags.put(fetch.path(), tag);
            }
        }
        return tags;
    }

    /** The source with the files that were fetched from it, if the manifest pins none. */
    private static SourceSpec pinned(SourceSpec spec, List<FetchRecord> fetches) {
        if (!spec.files().isEmpty()) {
            return spec;
        }
        Map<String, PinnedFile> files = new HashMap<>();
        for (FetchRecord fetch : fetches) {
            boolean here = fetch.source().equals(spec.kind()) && fetch.record().equals(spec.record());
            if (here && !fetch.folder().isEmpty()) {
                // An archive that the host makes for each request is not in its listing.
                return spec;
            }
            if (here) {
                List<Published> checksums = fetch.checksums().values().stream()
                        .map(checksum -> new Published(checksum, "the pull"))
                        .toList();
                files.put(
                        fetch.path(),
                        new PinnedFile(
                                fetch.path(), null, fetch.bytes(), null, checksums, null, null, null, null, false));
            }
        }
        return spec.withFiles(files.values().stream()
                .sorted(Comparator.comparing(PinnedFile::path))
                .toList());
    }

    /** The source without the files of other variants, which were not pulled. */
    private static SourceSpec ofVariant(SourceSpec spec, Bag bag) {
        String variant = bag.variant().orElse(null);
        return spec.withFiles(
                spec.files().stream().filter(file -> file.belongsTo(variant)).toList());
    }

    private FileChanges compare(List<SourceSpec> held, Manifest newest) throws Problem {
        FileChanges changes = FileChanges.NONE;
        for (SourceSpec spec : held) {
            SourceSpec other = newest.sourcesOf(spec.part()).stream()
                    .filter(s -> s.kind().equals(spec.kind()))
                    .findFirst()
                    .orElse(null);
            changes = changes.plus(other == null ? FileChanges.UNKNOWN : upstream.compare(spec, other));
        }
        return changes;
    }

    /** The manifest with a source's newest version in place of the one that it has. */
    private static Manifest derived(Manifest manifest, SourceSpec spec, Newer newer, DatasetVersion held) {
        RecordDescription newest = newer.newest();
        Map<String, PinnedFile> known = new HashMap<>();
        spec.files().forEach(file -> known.put(file.path(), file));
        List<PinnedFile> files = new ArrayList<>();
        if (spec.files().stream().anyMatch(PinnedFile::folder)) {
            spec.files().forEach(file -> files.add(later(file, newer.folders().get(file.path()))));
        } else {
            newest.spec().files().forEach(file -> files.add(file.like(known.get(file.path()))));
        }
        SourceSpec replaced = new SourceSpec(
                spec.kind(),
                newest.spec().record(),
                spec.official(),
                spec.part(),
                spec.use(),
                spec.note(),
                newest.spec().options().isEmpty()
                        ? spec.options()
                        : newest.spec().options(),
                spec.listing(),
                null,
                spec.files().isEmpty() ? List.of() : files);
        return manifest.with(
                version(newest, held), newest.publication().doi(), replace(manifest.sources(), spec, replaced));
    }

    /** The sources with one replaced. Other sources of its part have the earlier files, and are left out. */
    private static List<SourceSpec> replace(List<SourceSpec> sources, SourceSpec spec, SourceSpec replaced) {
        return sources.stream()
                .filter(other -> other.equals(spec) || !other.part().equals(spec.part()))
                .map(other -> other.equals(spec) ? replaced : other)
                .toList();
    }

    /**
     * The manifest with the present files of hosts that changed them under the same version.
     *
     * @param now the changed sources with their present files; empty for one that cannot be followed
     * @return null if nothing changed, if a source cannot be followed, or if today's files are held already
     */
    private @Nullable Manifest refreshed(Manifest held, Map<SourceSpec, Optional<SourceSpec>> now) {
        DatasetVersion version = held.version().refreshed(today);
        if (now.isEmpty() || version.equals(held.version())) {
            return null;
        }
        List<SourceSpec> sources = held.sources();
        for (Map.Entry<SourceSpec, Optional<SourceSpec>> one : now.entrySet()) {
            if (one.getValue().isEmpty() || !sources.contains(one.getKey())) {
                return null;
            }
            sources = replace(sources, one.getKey(), one.getValue().get());
        }
        return held.with(version, held.publication().doi(), sources)
                .withDoubt("The files are those that the host had on " + today + ". They differ from those of "
                        + held.version() + "; the host states no newer version.");
    }

    /** A folder or file of a repository at a later commit; its tree is null for a file, and if the host does not say. */
    private static PinnedFile later(PinnedFile file, @Nullable Checksum tree) {
        Published before = file.gitTree().orElse(null);
        return new PinnedFile(
                file.path(),
                file.at(),
                null,
                null,
                tree == null || before == null ? List.of() : List.of(new Published(tree, before.by())),
                file.role(),
                file.variant(),
                file.unpack(),
                file.into(),
                file.optional());
    }

    /** The version that the host states, else the record's own id, which is never that of the held version. */
    private static DatasetVersion version(RecordDescription newest, DatasetVersion held) {
        String record = newest.spec().record();
        String option = newest.spec().option("version");
        DatasetVersion stated = newest.version();
        if (!stated.equals(held) && !stated.equals(DatasetVersion.UNVERSIONED)) {
            return stated;
        }
        DatasetVersion other = RecordDescription.version(
                option, record.replaceFirst("^.*(@|/versions/)", ""), record.replaceAll("[^A-Za-z0-9._-]+", "-"));
        return other.equals(held)
                ? RecordDescription.version("r-" + record.replaceAll("[^A-Za-z0-9._-]+", "-"))
                : other;
    }
}
