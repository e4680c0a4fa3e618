package org.histods.pull.upstream;

import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Checksum;
import org.histods.manifest.Manifest;
import org.histods.manifest.ManifestEdit;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.source.listing.FileProbe;
import org.histods.source.listing.PinnedFiles;
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

        /** The word of messages and of {@code --json}, such as {@code not-checked}. */
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
     * @param folders the git tree ids that folders which the manifest pins have in it, by their paths
     */
    public record Newer(SourceSpec spec, RecordDescription newest, FileChanges changes, Map<String, Checksum> folders) {
        public Newer {
            folders = Map.copyOf(folders);
        }
    }

    private final UpstreamLookups host;
    private final List<Newer> newer = new ArrayList<>();

    /** @param sources all kinds of host */
    public UpstreamCheck(List<Source> sources, Transport transport) {
        this.host = new UpstreamLookups(sources, transport);
    }

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
                SourceCheck check = new SourceCheck(host, spec, "/sources/" + i, pulled);
                check.run();
                findings.addAll(check.findings());
                newer.addAll(check.newer());
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
        return FileChanges.of(findings, listed(spec));
    }

    /** All files that the source now lists; empty if its host has no listing. */
    private List<RemoteFile> listed(SourceSpec spec) throws Problem {
        Source source = host.source(spec).orElse(null);
        SourceSpec asked = source == null ? null : source.unpinned(spec).orElse(null);
        return source == null || asked == null
                ? List.of()
                : host.listing(source, asked).files();
    }

    /**
     * A source with the files that its host has now.
     *
     * @param findings what {@link #check} found of its files
     * @return empty if a file has another name or is a folder, or if no file is left
     */
    Optional<SourceSpec> current(SourceSpec spec, List<Finding> findings) throws Problem {
        if (spec.files().isEmpty()) {
            return Optional.of(spec);
        }
        Map<String, Outcome> outcomes = new HashMap<>();
        for (Finding finding : findings) {
            if (finding.outcome().differs()) {
                outcomes.put(finding.path(), finding.outcome());
            }
        }
        Map<String, RemoteFile> listed = new HashMap<>();
        listed(spec).forEach(file -> listed.put(file.path().text(), file));
        List<PinnedFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            Outcome outcome = outcomes.get(file.path());
            if (outcome == null) {
                files.add(file);
            } else if (outcome == Outcome.CHANGED && !file.folder()) {
                RemoteFile now = listed.get(file.path());
                files.add(RecordDescription.file(
                                file.path(),
                                file.at(),
                                now == null ? null : now.bytes(),
                                now == null ? List.of() : now.checksums())
                        .like(file));
            } else if (outcome != Outcome.GONE) {
                return Optional.empty();
            }
        }
        return files.isEmpty() ? Optional.empty() : Optional.of(spec.withFiles(files));
    }

    /** The files that a manifest pins at one source, compared with those that it pins at another. */
    FileChanges compare(SourceSpec held, SourceSpec other) throws Problem {
        Source source = host.source(other).orElse(null);
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
        ListingComparison comparison = new ListingComparison(held, "", null);
        comparison.compare(files);
        return FileChanges.of(comparison.findings(), files);
    }
}
