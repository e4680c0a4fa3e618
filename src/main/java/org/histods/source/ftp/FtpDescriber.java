package org.histods.source.ftp;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.histods.digest.Glob;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.listing.UrlEncoding;
import org.histods.transport.Transport;

/** Describes a folder or a file of an anonymous FTP server. */
final class FtpDescriber {

    private FtpDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        if (!"ftp".equals(url.getScheme()) || url.getHost() == null) {
            return Optional.empty();
        }
        String text = url.toString().replaceFirst("[?#].*", "").replaceFirst("^(ftp://[^/]+)$", "$1/");
        if (text.endsWith("/")) {
            return Optional.of(folder(text, transport));
        }
        String parent = text.substring(0, text.lastIndexOf('/') + 1);
        String name = UrlEncoding.decode(text.substring(parent.length()));
        try {
            return Optional.of(file(parent, name == null ? "" : name, transport));
        } catch (Problem problem) {
            // No such file: it may be a folder.
            if (problem.kind() != Kind.USAGE
                    || name == null
                    || problem.hint() == null
                    || !problem.hint().contains("globs")) {
                throw problem;
            }
            return Optional.of(folder(text + "/", transport));
        }
    }

    private static RecordDescription folder(String record, Transport transport) throws Problem {
        List<PinnedFile> files = RecordDescription.pinned(
                new FtpSource().resolve(RecordDescription.spec("ftp", record, Map.of(), List.of()), transport));
        SourceSpec spec = RecordDescription.source("ftp", record, Map.of(), List.of(), files);
        String path = UrlEncoding.decode(URI.create(record).getRawPath().replaceFirst("/$", ""));
        String last = path == null ? "" : path.substring(path.lastIndexOf('/') + 1);
        return named(spec, last.isEmpty() ? URI.create(record).getHost() : last, record);
    }

    private static RecordDescription file(String parent, String name, Transport transport) throws Problem {
        SourceSpec requested = new SourceSpec(
                "ftp",
                parent,
                true,
                "",
                SourceSpec.Use.AUTO,
                null,
                Map.of(),
                SourceSpec.Listing.only(List.of(Glob.literal(name))),
                null,
                List.of());
        List<PinnedFile> files = RecordDescription.pinned(new FtpSource().resolve(requested, transport));
        return named(RecordDescription.spec("ftp", parent, Map.of(), files), name, parent + UrlEncoding.segment(name));
    }

    private static RecordDescription named(SourceSpec spec, String title, String landing) {
        return RecordDescription.named(
                spec, title, landing, URI.create(spec.record()).getHost());
    }
}
