package org.histods.source;

import java.net.URI;
import java.util.List;
import java.util.Optional;
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

    /** Most particular first: the last one takes any file of any web server. */
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
            new S3Author(),
            new GcsAuthor(),
            new CkanAuthor(),
            new HttpAuthor());

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
     * @param address of a record, folder or file ({@code https:}, {@code s3:}, {@code gs:}), or a DOI in any of its forms
     * @return empty if the address leads to a page that no kind understands
     * @throws Problem as {@link Source#resolve}; {@code USAGE} if the text is no address
     */
    public static Optional<Described> describe(String address, Transport transport) throws Problem {
        String doi = Doi.in(address);
        URI uri = doi == null ? parse(address) : Doi.landing(doi, transport);
        for (Author author : AUTHORS) {
            Optional<Described> described = author.describe(uri, transport);
            if (described.isPresent()) {
                return doi == null ? described : described.map(d -> d.withDoi(doi));
            }
        }
        return Optional.empty();
    }

    private static URI parse(String address) throws Problem {
        try {
            URI uri = URI.create(address.strip().replace(" ", "%20"));
            if (uri.getScheme() != null && uri.getUserInfo() == null) {
                return uri;
            }
        } catch (IllegalArgumentException ignored) {
            // Said below, in the same words as for text without a scheme.
        }
        throw new Problem(
                Kind.USAGE,
                "'" + address + "' is no address and no DOI",
                "give an https:, s3: or gs: address without a password, or a DOI such as 10.5281/zenodo.1214456");
    }
}
