package org.histods.source.all;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescriber;
import org.histods.source.RecordDescription;
import org.histods.source.Source;
import org.histods.source.archiveorg.ArchiveOrgDescriber;
import org.histods.source.archiveorg.ArchiveOrgSource;
import org.histods.source.ckan.CkanDescriber;
import org.histods.source.ckan.CkanSource;
import org.histods.source.dataverse.DataverseDescriber;
import org.histods.source.dataverse.DataverseSource;
import org.histods.source.figshare.FigshareDescriber;
import org.histods.source.figshare.FigshareSource;
import org.histods.source.ftp.FtpDescriber;
import org.histods.source.ftp.FtpSource;
import org.histods.source.gcs.GcsDescriber;
import org.histods.source.gcs.GcsSource;
import org.histods.source.gdc.GdcDescriber;
import org.histods.source.gdc.GdcSource;
import org.histods.source.github.GithubDescriber;
import org.histods.source.github.GithubSource;
import org.histods.source.googledrive.GoogleDriveDescriber;
import org.histods.source.googledrive.GoogleDriveSource;
import org.histods.source.grandchallenge.GrandChallengeDescriber;
import org.histods.source.grandchallenge.GrandChallengeSource;
import org.histods.source.http.HttpDescriber;
import org.histods.source.http.HttpSource;
import org.histods.source.huggingface.HuggingFaceDescriber;
import org.histods.source.huggingface.HuggingFaceSource;
import org.histods.source.idc.IdcDescriber;
import org.histods.source.idc.IdcSource;
import org.histods.source.kaggle.KaggleDescriber;
import org.histods.source.kaggle.KaggleSource;
import org.histods.source.listing.Doi;
import org.histods.source.listing.UrlEncoding;
import org.histods.source.manual.ManualDescriber;
import org.histods.source.manual.ManualSource;
import org.histods.source.mendeley.MendeleyDescriber;
import org.histods.source.mendeley.MendeleySource;
import org.histods.source.osf.OsfDescriber;
import org.histods.source.osf.OsfSource;
import org.histods.source.s3.S3Describer;
import org.histods.source.s3.S3Source;
import org.histods.source.tcia.TciaDescriber;
import org.histods.source.tcia.TciaSource;
import org.histods.source.torrent.TorrentDescriber;
import org.histods.source.torrent.TorrentSource;
import org.histods.source.zenodo.ZenodoDescriber;
import org.histods.source.zenodo.ZenodoSource;
import org.histods.transport.Transport;

/** Every kind of place that histods knows. A new kind is one line here. */
public final class Sources {

    private static final List<Source> ALL = List.of(
            new ZenodoSource(),
            new GithubSource(),
            new FigshareSource(),
            new HuggingFaceSource(),
            new GoogleDriveSource(),
            new KaggleSource(),
            new DataverseSource(),
            new MendeleySource(),
            new OsfSource(),
            new CkanSource(),
            new ArchiveOrgSource(),
            new GrandChallengeSource(),
            new S3Source(),
            new GcsSource(),
            new GdcSource(),
            new IdcSource(),
            new TciaSource(),
            new TorrentSource(),
            new FtpSource(),
            new HttpSource(),
            new ManualSource("manual"),
            new ManualSource("credential"));

    /** Most particular first: the last one takes any file or folder of any web server. */
    private static final List<RecordDescriber> AUTHORS = List.of(
            new ZenodoDescriber(),
            new GithubDescriber(),
            new FigshareDescriber(),
            new HuggingFaceDescriber(),
            new KaggleDescriber(),
            new DataverseDescriber(),
            new MendeleyDescriber(),
            new OsfDescriber(),
            new ArchiveOrgDescriber(),
            new GrandChallengeDescriber(),
            new GdcDescriber(),
            new IdcDescriber(),
            new TciaDescriber(),
            new TorrentDescriber(),
            new GoogleDriveDescriber(),
            new FtpDescriber(),
            new S3Describer(),
            new GcsDescriber(),
            new ManualDescriber(),
            new CkanDescriber(),
            new HttpDescriber());

    /** As browsers show addresses: without their scheme. */
    private static final Pattern BARE = Pattern.compile("(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}(?::[0-9]+)?(?:[/?#].*)?");

    private Sources() {}

    /** All of them, in the order of the documentation; immutable. */
    public static List<Source> all() {
        return ALL;
    }

    /** The source of that kind; empty if there is none. */
    public static Optional<Source> of(String kind) {
        return ALL.stream().filter(s -> s.kind().equals(kind)).findFirst();
    }

    /** The kinds for a message: {@code zenodo, github, …}. */
    public static String kinds() {
        return ALL.stream().map(Source::kind).collect(Collectors.joining(", "));
    }

    /**
     * Asks a host what it has under an address that a person found, for a new manifest.
     *
     * @param address of a record, folder or file ({@code https:}, {@code ftp:}, {@code s3:}, {@code gs:}, {@code
     *     magnet:}) as a browser shows it, or a DOI in any of its forms
     * @return empty if the address leads to a page that no kind understands
     * @throws Problem as {@link Source#resolve}; {@code USAGE} if the text is no address
     */
    public static Optional<RecordDescription> describe(String address, Transport transport) throws Problem {
        String doi = Doi.in(address);
        URI uri = doi == null ? parse(address) : Doi.landing(doi, transport);
        for (RecordDescriber author : AUTHORS) {
            Optional<RecordDescription> described = author.describe(uri, transport);
            if (described.isPresent()) {
                RecordDescription found = described.get();
                return Optional.of(DataCite.added(doi == null ? found : found.withDoi(doi), transport));
            }
        }
        return Optional.empty();
    }

    /** Browsers show addresses with characters in them that must not stand there. */
    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(" \"<>[]\\^`{|}".indexOf(c) < 0 ? String.valueOf(c) : UrlEncoding.segment(String.valueOf(c)));
        }
        return out.toString();
    }

    private static URI parse(String address) throws Problem {
        String text = address.strip();
        if (BARE.matcher(text).matches()) {
            text = "https://" + text;
        }
        try {
            URI uri = URI.create(encoded(text));
            if (uri.getScheme() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // Said below, in the same words as for text without a scheme.
        }
        throw new Problem(
                Kind.USAGE,
                "'" + address.replaceFirst("//[^/]*@", "//…@") + "' is no address and no DOI",
                "give an https:, ftp:, s3:, gs: or magnet: address without a password, or a DOI such as"
                        + " 10.5281/zenodo.1214456");
    }
}
