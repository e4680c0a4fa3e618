package org.histods.source.all;

import java.net.URI;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.credentials.LoginService;
import org.histods.manifest.SourceKinds;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.Source;
import org.histods.source.archiveorg.ArchiveOrgSource;
import org.histods.source.ckan.CkanSource;
import org.histods.source.dataverse.DataverseSource;
import org.histods.source.figshare.FigshareSource;
import org.histods.source.ftp.FtpSource;
import org.histods.source.gcs.GcsSource;
import org.histods.source.gdc.GdcSource;
import org.histods.source.github.GithubSource;
import org.histods.source.googledrive.GoogleDriveSource;
import org.histods.source.grandchallenge.GrandChallengeSource;
import org.histods.source.http.HttpSource;
import org.histods.source.huggingface.HuggingFaceSource;
import org.histods.source.idc.IdcSource;
import org.histods.source.kaggle.KaggleSource;
import org.histods.source.listing.Doi;
import org.histods.source.listing.UrlEncoding;
import org.histods.source.manual.ManualSource;
import org.histods.source.mendeley.MendeleySource;
import org.histods.source.osf.OsfSource;
import org.histods.source.s3.S3Source;
import org.histods.source.tcia.TciaSource;
import org.histods.source.torrent.TorrentSource;
import org.histods.source.zenodo.ZenodoSource;
import org.histods.transport.HostPolicies;
import org.histods.transport.HostPolicy;
import org.histods.transport.Transport;

/**
 * All kinds of source. Adding a kind is one line here. The order is that in which {@link #describe} tries them: {@link
 * CkanSource} asks the host of any URL that has the right form, and {@link HttpSource} accepts any file or folder of any
 * web server, so they come last.
 */
public final class Sources {

    private static final List<Source> ALL = List.of(
            new ZenodoSource(),
            new GithubSource(),
            new FigshareSource(),
            new HuggingFaceSource(),
            new KaggleSource(),
            new DataverseSource(),
            new MendeleySource(),
            new OsfSource(),
            new ArchiveOrgSource(),
            new GrandChallengeSource(),
            new GdcSource(),
            new IdcSource(),
            new TciaSource(),
            new TorrentSource(),
            new GoogleDriveSource(),
            new FtpSource(),
            new S3Source(),
            new GcsSource(),
            new ManualSource("manual"),
            new ManualSource("credential"),
            new CkanSource(),
            new HttpSource());

    /** A URL without its scheme, as browsers show it. */
    private static final Pattern BARE = Pattern.compile("(?:[A-Za-z0-9-]+\\.)+[A-Za-z]{2,}(?::[0-9]+)?(?:[/?#].*)?");

    /** A URL whose host is an IPv6 address: the brackets around it belong to it. */
    private static final Pattern IPV6_HOST = Pattern.compile("([A-Za-z]+://\\[[0-9A-Fa-f:.]+\\])(.*)");

    private Sources() {}

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

    /** The request limits of all hosts that a source knows. */
    public static HostPolicies policies() {
        Map<String, HostPolicy> all = new LinkedHashMap<>();
        // Sorted within a source, so that the documentation can show them in the same order.
        ALL.forEach(source -> all.putAll(new TreeMap<>(source.policies())));
        return HostPolicies.none().with(all);
    }

    /** The services that {@code histods login} knows. */
    public static List<LoginService> loginServices() {
        return ALL.stream().flatMap(s -> s.loginService().stream()).toList();
    }

    /** The hosts that accept no user credentials. */
    public static List<String> hostsWithoutCredentials() {
        return ALL.stream().flatMap(s -> s.hostsWithoutCredentials().stream()).toList();
    }

    /** What the rules for manifests know about the kinds. */
    public static SourceKinds manifestRules() {
        Map<Pattern, String> oldUrls = new HashMap<>();
        ALL.forEach(source -> oldUrls.putAll(source.oldUrls()));
        return new SourceKinds(
                ALL.stream().map(Source::kind).collect(Collectors.toSet()),
                policies().table().keySet(),
                oldUrls,
                (doi, sources) -> ALL.stream()
                        .flatMap(source -> source.doiFault(doi, sources).stream())
                        .findFirst());
    }

    /** As {@link Source#links}; empty for an unknown kind. */
    public static List<String> links(SourceSpec spec) {
        return of(spec.kind()).map(s -> s.links(spec)).orElse(List.of());
    }

    /** As {@link Source#codePatterns}, of all kinds; the more special ones come first. */
    public static Map<String, String> codePatterns() {
        Map<String, String> all = new LinkedHashMap<>();
        ALL.forEach(source -> all.putAll(new TreeMap<>(source.codePatterns())));
        return all;
    }

    /**
     * Asks a host what it publishes at a URL, to draft a manifest.
     *
     * @param text a URL of a record, folder or file ({@code https:}, {@code ftp:}, {@code s3:}, {@code gs:}, {@code
     *     magnet:}), with or without its scheme, or a DOI in any notation
     * @return empty if no kind recognises the page
     * @throws Problem as {@link Source#resolve}; {@code USAGE} if the text is neither a URL nor a DOI
     */
    public static Optional<RecordDescription> describe(String text, Transport transport) throws Problem {
        String doi = Doi.parse(text);
        URI url = doi == null ? parse(text) : landing(doi, transport);
        for (Source source : ALL) {
            Optional<RecordDescription> described = source.describe(url, transport);
            if (described.isPresent()) {
                RecordDescription found = described.get();
                return Optional.of(DataCite.added(doi == null ? found : found.withDoi(doi), transport));
            }
        }
        return Optional.empty();
    }

    private static URI landing(String doi, Transport transport) throws Problem {
        for (Source source : ALL) {
            Optional<URI> page = source.landing(doi);
            if (page.isPresent()) {
                return page.get();
            }
        }
        return Doi.landing(doi, transport);
    }

    /** Encodes the characters that browsers show in URLs and that RFC 3986 does not allow. */
    private static String encoded(String text) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(" \"<>[]\\^`{|}".indexOf(c) < 0 ? String.valueOf(c) : UrlEncoding.segment(String.valueOf(c)));
        }
        return out.toString();
    }

    private static URI parse(String typed) throws Problem {
        String text = typed.strip();
        if (BARE.matcher(text).matches()) {
            text = "https://" + text;
        }
        try {
            Matcher ipv6 = IPV6_HOST.matcher(text);
            URI url = URI.create(ipv6.matches() ? ipv6.group(1) + encoded(ipv6.group(2)) : encoded(text));
            if (url.getScheme() != null && url.getUserInfo() == null) {
                return url;
            }
        } catch (IllegalArgumentException ignored) {
            // The same message as for text without a scheme follows.
        }
        throw new Problem(
                Kind.USAGE,
                "'" + typed.replaceFirst("//[^/]*@", "//…@") + "' is neither a URL nor a DOI",
                "give an https:, ftp:, s3:, gs: or magnet: URL without a password, or a DOI such as"
                        + " 10.5281/zenodo.1214456");
    }
}
