package org.histods.pull;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.histods.digest.FilePath;
import org.histods.manifest.Manifest;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.pull.local.LocalFileSource;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.transport.Transport;

/**
 * Finds the positions of local files among the pieces of a torrent, so that they are verified like downloaded ones. Used
 * only for files that have no checksum.
 */
final class TorrentPieceLocator {

    private final List<Source> sources;
    private final Transport transport;
    private final Consumer<String> notes;

    TorrentPieceLocator(List<Source> sources, Transport transport, Consumer<String> notes) {
        this.sources = sources;
        this.transport = transport;
        this.notes = notes;
    }

    /**
     * The same files with their positions. If a torrent cannot be read, a note says so, and nothing is compared with it.
     *
     * @throws Problem if the manifest and the torrent contradict each other
     */
    Map<String, LocalFileSource.Recognised> locate(Manifest manifest, Map<String, LocalFileSource.Recognised> local)
            throws Problem {
        Map<String, LocalFileSource.Recognised> result = new LinkedHashMap<>(local);
        for (SourceSpec spec : manifest.sources()) {
            boolean unverifiable =
                    result.values().stream().anyMatch(one -> one.part().equals(spec.part()) && unverifiable(one));
            if (unverifiable && spec.use() != SourceSpec.Use.NEVER) {
                Map<String, RemoteFile.Span> spans = new LinkedHashMap<>();
                spans(spec).forEach((path, span) -> spans.put(path.text(), span));
                result.replaceAll((path, one) -> {
                    RemoteFile.Span span = spans.get(path);
                    return span == null || !one.part().equals(spec.part()) ? one : one.in(span);
                });
            }
        }
        return result;
    }

    private static boolean unverifiable(LocalFileSource.Recognised one) {
        return one.remote().comparable().isEmpty() && one.remote().span() == null;
    }

    private Map<FilePath, RemoteFile.Span> spans(SourceSpec spec) throws Problem {
        for (Source source : sources) {
            if (source.kind().equals(spec.kind())) {
                try {
                    return source.spans(spec, transport);
                } catch (Problem p) {
                    if (p.kind() != Kind.NETWORK && p.kind() != Kind.PERSON) {
                        throw p;
                    }
                    notes.accept("local files are not compared with the pieces of " + spec.kind() + " " + spec.record()
                            + ": " + p.message());
                }
            }
        }
        return Map.of();
    }
}
