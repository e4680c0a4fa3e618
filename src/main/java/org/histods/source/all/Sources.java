package org.histods.source;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
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
            new PersonSource("manual"),
            new PersonSource("credential"));

    /** Most particular first: the last one takes any file or folder of any web server. */
    private static final List<Author> AUTHORS = List.of(
            new ZenodoAuthor(),
            new GithubAuthor(),
            new FigshareAuthor(),
            new HuggingFaceAuthor(),
            new KaggleAuthor(),
            new DataverseAuthor(),
            new MendeleyAuthor(),
            new OsfAuthor(),
            new ArchiveOrgAuthor(),
            new GrandChallengeAuthor(),
            new GdcAuthor(),
            new IdcAuthor(),
            new TciaAuthor(),
            new TorrentAuthor(),
            new GoogleDriveAuthor(),
            new FtpAuthor(),
            new S3Author(),
            new GcsAuthor(),
            new PersonAuthor(),
            new CkanAuthor(),
            new HttpAuthor());

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
    public static Optional<Described> describe(String address, Transport transport) throws Problem {
        String doi = Doi.in(address);
        URI uri = doi == null ? parse(address) : Doi.landing(doi, transport);
        for (Author author : AUTHORS) {
            Optional<Described> described = author.describe(uri, transport);
            if (described.isPresent()) {
                Described found = described.get();
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
            out.append(" \"<>[]\\^`{|}".indexOf(c) < 0 ? String.valueOf(c) : Percent.segment(String.valueOf(c)));
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
