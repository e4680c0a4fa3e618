package org.histods.pull.upstream;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.pull.upstream.UpstreamCheck.Finding;
import org.histods.pull.upstream.UpstreamCheck.Newer;
import org.histods.pull.upstream.UpstreamCheck.Outcome;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileProbe;
import org.histods.source.listing.PinnedFiles;
import org.histods.transport.Request;
import org.jspecify.annotations.Nullable;

/** The check of one source: asks its host for the listing or the files, and for the newest version. */
public final class SourceCheck {

    private final UpstreamLookups host;
    private final SourceSpec spec;
    private final String pointer;
    private final ListingComparison comparison;
    private final List<Newer> newer = new ArrayList<>();

    /**
     * @param pointer of the source in its manifest
     * @param pulled what the host stated when each file was pulled; null to compare with the manifest only
     */
    SourceCheck(UpstreamLookups host, SourceSpec spec, String pointer, @Nullable Map<String, String> pulled) {
        this.host = host;
        this.spec = spec;
        this.pointer = pointer;
        this.comparison = new ListingComparison(spec, pointer, pulled);
    }

    List<Finding> findings() {
        return comparison.findings();
    }

    /** The newer versions of the record that were found. */
    List<Newer> newer() {
        return newer;
    }

    private void add(Outcome outcome, String path, String message, ManifestEdit... edits) {
        comparison.add(outcome, path, message, edits);
    }

    void run() throws Problem {
        Source source = host.source(spec).orElse(null);
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
            FileProbe.of(host.transport().open(Request.get(uri).allowUnencrypted()));
            add(Outcome.BY_HAND, "", "its page responds; only a person can compare the files");
        } catch (Problem p) {
            if (UpstreamLookups.missing(UpstreamLookups.checked(p))) {
                add(Outcome.GONE, "", "its page is gone: " + UpstreamLookups.firstLine(p));
            } else {
                add(
                        Outcome.BY_HAND,
                        "",
                        "only a person can check it, and its page did not respond: " + UpstreamLookups.firstLine(p));
            }
        }
    }

    private void compare(Source source) throws Problem {
        SourceSpec asked = source.unpinned(spec).orElse(null);
        UpstreamLookups.HostListing listed = asked == null ? null : host.listing(source, asked);
        if (listed == null) {
            probe(source);
        } else if (listed.problem() != null) {
            failed(listed.problem());
        } else {
            comparison.compare(listed.files());
        }
        if (findings().stream()
                .noneMatch(f -> f.outcome() == Outcome.GONE && f.path().isEmpty())) {
            newest(source, listed == null || listed.problem() == null);
        }
    }

    private void failed(Problem p) {
        if (p.kind() == Kind.UPSTREAM_CHANGED) {
            add(Outcome.CHANGED, "", UpstreamLookups.firstLine(p));
        } else if (UpstreamLookups.missing(p)) {
            add(Outcome.GONE, "", UpstreamLookups.firstLine(p));
        } else {
            add(Outcome.NOT_CHECKED, "", UpstreamLookups.firstLine(p));
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
            files = source.resolve(spec, host.transport());
        } catch (Problem p) {
            failed(UpstreamLookups.checked(p));
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
                FileProbe probe = FileProbe.of(source.open(file, file.uri(), 0, 0, null, host.transport()));
                comparison.compare(i, pinned, RemoteFile.of(file.path(), file.uri(), probe.bytes(), List.of()), probe);
            } catch (Problem p) {
                if (UpstreamLookups.missing(UpstreamLookups.checked(p))) {
                    add(Outcome.GONE, pinned.path(), UpstreamLookups.firstLine(p));
                } else {
                    add(Outcome.NOT_CHECKED, pinned.path(), UpstreamLookups.firstLine(p));
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
            if (host.description(source, page).isPresent()) {
                add(Outcome.SAME, "", "the record exists; its files are listed at each pull, and none is pinned");
            } else {
                add(Outcome.NOT_CHECKED, "", "the host has no listing that could be compared");
            }
        } catch (Problem p) {
            failed(UpstreamLookups.checked(p));
        }
    }

    /** Finds out where the record is now, and whether there is a newer version. */
    private void newest(Source source, boolean there) throws Problem {
        URI page = source.newest(spec).orElse(null);
        if (page == null) {
            return;
        }
        try {
            RecordDescription newest = host.description(source, page).orElse(null);
            if (newest != null) {
                compare(source, newest, page);
            }
        } catch (Problem p) {
            UpstreamLookups.checked(p);
            if (there) {
                add(Outcome.NOT_CHECKED, "", "whether there is a newer version: " + UpstreamLookups.firstLine(p));
            }
        }
    }

    private void compare(Source source, RecordDescription newest, URI page) throws Problem {
        String now = newest.spec().record();
        String base = base(now);
        if (!base.equals(now) && !base.equalsIgnoreCase(base(spec.record()))) {
            String record = base + spec.record().substring(base(spec.record()).length());
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
        ListingComparison files = new ListingComparison(spec, pointer, null);
        FileChanges changes = pinned && !same ? changes(source, newest.spec(), files) : FileChanges.NONE;
        if (changes.any()) {
            newer.add(new Newer(spec, newest, changes, files.folders()));
            String version = newest.spec().option("version") == null
                    ? now
                    : now + " version " + newest.spec().option("version");
            add(Outcome.NEWER, "", "the newest is " + version + "; draft it with `histods manifest new " + page + "`");
        }
    }

    /** The record without its version or commit. */
    private static String base(String record) {
        return record.replaceFirst("(@|/versions/).*$", "");
    }

    /** Compares the files of the newest version with those that are pinned. */
    private FileChanges changes(Source source, SourceSpec newest, ListingComparison files) throws Problem {
        SourceSpec asked = source.unpinned(new SourceSpec(
                        spec.kind(),
                        newest.record(),
                        spec.official(),
                        spec.part(),
                        spec.use(),
                        null,
                        newest.options().isEmpty() ? spec.options() : newest.options(),
                        new SourceSpec.Listing(
                                null, spec.listing().include(), spec.listing().exclude()),
                        null,
                        spec.files()))
                .orElse(null);
        if (asked == null || spec.files().isEmpty()) {
            return FileChanges.UNKNOWN;
        }
        UpstreamLookups.HostListing listed = host.listing(source, asked);
        if (listed.problem() != null) {
            return FileChanges.UNKNOWN;
        }
        files.compare(listed.files());
        SourceSpec held = source.unpinned(spec).orElse(null);
        Set<String> before = new HashSet<>();
        if (held != null) {
            host.listing(source, held)
                    .files()
                    .forEach(file -> before.add(file.path().text()));
        }
        // A file that the held version has and the manifest leaves out is not added.
        files.findings().removeIf(f -> f.outcome() == Outcome.NEW && before.contains(f.path()));
        return FileChanges.of(files.findings(), listed.files());
    }
}
