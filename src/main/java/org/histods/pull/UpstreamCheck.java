package org.histods.pull;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.manifest.Manifest;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Transport;

/**
 * Compares what a manifest pins with what the hosts state today. Fetches no data: a checksum is compared if the host states
 * one of the same algorithm, and values the host does not publish are reported as not compared.
 */
public final class UpstreamCheck {

    /** The result of a comparison. */
    public enum Outcome {
        /** The host states the same. */
        SAME,
        /** The host states something else, or has no such file. */
        DIFFERENT,
        /** The host has a file that the manifest does not pin. */
        NEW,
        /** Nothing could be compared: the host does not respond, or states nothing. */
        NOT_COMPARED;

        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    /**
     * The result for one file or for a whole source.
     *
     * @param source the kind and the record
     * @param path the pinned file, empty for the whole source
     * @param message what the manifest pins, what the host states, and what to change
     */
    public record Finding(Outcome outcome, String source, String path, String message) {}

    private final List<Source> sources;
    private final Transport transport;

    public UpstreamCheck(List<Source> sources, Transport transport) {
        this.sources = List.copyOf(sources);
        this.transport = transport;
    }

    /**
     * Checks every source that is in use.
     *
     * @throws Problem {@code INTERRUPTED} only; a host that does not respond is a finding
     */
    public List<Finding> check(Manifest manifest) throws Problem {
        List<Finding> findings = new ArrayList<>();
        for (SourceSpec spec : manifest.sources()) {
            if (spec.use() != SourceSpec.Use.NEVER) {
                findings.addAll(check(spec));
            }
        }
        return findings;
    }

    private List<Finding> check(SourceSpec spec) throws Problem {
        String name = spec.kind() + " " + spec.record();
        Source source = sources.stream()
                .filter(s -> s.kind().equals(spec.kind()))
                .findFirst()
                .orElse(null);
        if (source == null) {
            return List.of(new Finding(Outcome.NOT_COMPARED, name, "", "histods has no source of that kind"));
        }
        try {
            return compare(name, spec, source.resolve(unpinned(spec), transport));
        } catch (Problem p) {
            if (p.kind() == Problem.Kind.INTERRUPTED) {
                throw p;
            }
            Outcome outcome = p.kind() == Problem.Kind.UPSTREAM_CHANGED ? Outcome.DIFFERENT : Outcome.NOT_COMPARED;
            return List.of(new Finding(
                    outcome, name, "", p.message().lines().findFirst().orElse("")));
        }
    }

    /** The same source with nothing pinned, so that the host is asked. Folders of a repository stay pinned. */
    private static SourceSpec unpinned(SourceSpec spec) {
        boolean lists = spec.files().stream().noneMatch(PinnedFile::folder);
        return spec.withFiles(lists ? List.of() : spec.files());
    }

    private static List<Finding> compare(String name, SourceSpec spec, List<RemoteFile> live) {
        Map<String, RemoteFile> byPath = new LinkedHashMap<>();
        live.forEach(file -> byPath.put(file.path().text(), file));
        List<Finding> findings = new ArrayList<>();
        for (PinnedFile pinned : spec.files()) {
            RemoteFile file = byPath.remove(pinned.plainPath());
            if (file == null && pinned.folder()) {
                findings.add(new Finding(
                        Outcome.NOT_COMPARED, name, pinned.path(), "a folder is compared when it is pulled"));
            } else if (file == null) {
                findings.add(new Finding(
                        Outcome.DIFFERENT,
                        name,
                        pinned.path(),
                        "the host has no file of that name: it was renamed or deleted"));
            } else {
                findings.add(compare(name, pinned, file));
            }
        }
        if (!spec.files().isEmpty() && spec.files().stream().noneMatch(PinnedFile::folder)) {
            byPath.values()
                    .forEach(file -> findings.add(new Finding(
                            Outcome.NEW, name, file.path().text(), "the manifest does not pin it" + stated(file))));
        }
        return findings;
    }

    private static String stated(RemoteFile file) {
        return (file.bytes() == null ? "" : "; bytes: " + file.bytes())
                + file.sums().stream().map(s -> "; " + s.sum()).reduce("", String::concat);
    }

    private static Finding compare(String name, PinnedFile pinned, RemoteFile live) {
        List<String> differences = new ArrayList<>();
        boolean compared = false;
        if (pinned.bytes() != null && live.bytes() != null) {
            compared = true;
            if (!pinned.bytes().equals(live.bytes())) {
                differences.add("bytes: pinned " + pinned.bytes() + ", now " + live.bytes());
            }
        }
        for (PinnedFile.Published published : pinned.sums()) {
            Algorithm algorithm = published.sum().algorithm();
            var now = live.stated(algorithm).orElse(null);
            if (now != null) {
                compared = true;
                if (!now.sum().equals(published.sum())) {
                    differences.add("sum: pinned " + published.sum() + " by " + published.by() + ", now " + now.sum()
                            + " by " + now.by());
                }
            }
        }
        if (!differences.isEmpty()) {
            return new Finding(Outcome.DIFFERENT, name, pinned.path(), String.join("; ", differences));
        }
        return compared
                ? new Finding(Outcome.SAME, name, pinned.path(), "as pinned" + unpinned(pinned, live))
                : new Finding(
                        Outcome.NOT_COMPARED,
                        name,
                        pinned.path(),
                        "the host states nothing that the manifest pins" + unpinned(pinned, live));
    }

    /** What the host states and the manifest does not pin. */
    private static String unpinned(PinnedFile pinned, RemoteFile live) {
        StringBuilder more = new StringBuilder();
        if (pinned.bytes() == null && live.bytes() != null) {
            more.append("; add bytes: ").append(live.bytes());
        }
        live.sums().stream()
                .filter(s -> pinned.sums().stream()
                        .noneMatch(p -> p.sum().algorithm() == s.sum().algorithm()))
                .forEach(s -> more.append("; add sum: ")
                        .append(s.sum())
                        .append(" by ")
                        .append(s.by()));
        return more.toString();
    }
}
