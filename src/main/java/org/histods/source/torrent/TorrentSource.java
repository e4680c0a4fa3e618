package org.histods.source.torrent;

import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.histods.digest.FilePath;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.UrlEncoding;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/**
 * A torrent of Academic Torrents, fetched from its web seeds. The record is the infohash. The option {@code web-seed} adds
 * a seed. Without a web seed the files must be downloaded by hand, because histods does not support BitTorrent.
 */
public final class TorrentSource implements Source {

    private static final String HOST = "https://academictorrents.com/";
    private static final int MAX_BYTES = 32 << 20;

    @Override
    public String kind() {
        return "torrent";
    }

    @Override
    public Map<String, String> codePatterns() {
        return Map.of(
                "academictorrents\\.com/(?:details|download)/([0-9a-f]{40})",
                "https://academictorrents.com/details/$",
                "(magnet:\\?xt=urn:btih:[0-9A-Za-z]+)",
                "$");
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return TorrentDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        if (!spec.record().matches("[0-9a-fA-F]{40}")) {
            throw PinnedFiles.fault(spec, "record", "expected an infohash: 40 hex digits");
        }
        String seed = spec.option("web-seed");
        if (seed != null) {
            try {
                PinnedFiles.webAddress(seed);
            } catch (IllegalArgumentException e) {
                throw PinnedFiles.fault(spec, "options.web-seed", String.valueOf(e.getMessage()));
            }
        }
        return spec.files().isEmpty() ? listed(spec, transport) : pinned(spec, seed, transport);
    }

    private static List<RemoteFile> pinned(SourceSpec spec, @Nullable String seed, Transport transport) throws Problem {
        PinnedFiles.noFolders(spec);
        Torrent torrent = null;
        List<RemoteFile> files = new ArrayList<>();
        for (PinnedFile file : spec.files()) {
            PinnedFiles.path(spec, file);
            URI known = PinnedFiles.hasUrl(file) ? PinnedFiles.url(spec, file) : known(seed, PinnedFiles.name(file));
            if (known != null && !file.checksums().isEmpty()) {
                files.add(PinnedFiles.remote(spec, file, List.of(known)));
                continue;
            }
            torrent = torrent == null ? torrent(spec, transport) : torrent;
            files.add(of(spec, file, known, torrent));
        }
        return files;
    }

    @Override
    public Map<FilePath, RemoteFile.Span> spans(SourceSpec spec, Transport transport) throws Problem {
        Torrent torrent = torrent(spec, transport);
        Map<FilePath, RemoteFile.Span> spans = new LinkedHashMap<>();
        for (PinnedFile file : spec.files()) {
            boolean hasUrl = PinnedFiles.hasUrl(file);
            String name = hasUrl ? file.plainPath() : PinnedFiles.name(file);
            spans.put(PinnedFiles.path(spec, file), torrent.span(entry(spec, file, name, torrent)));
        }
        return spans;
    }

    /** The URL of a file according to the manifest; null if the torrent must be read. */
    private static @Nullable URI known(@Nullable String seed, String name) {
        if (seed == null) {
            return null;
        }
        String encoded = UrlEncoding.path(name);
        return seed.endsWith("/")
                ? PinnedFiles.webAddress(seed + encoded)
                : seed.endsWith("/" + encoded) ? PinnedFiles.webAddress(seed) : null;
    }

    /** @param known its URL according to the manifest; null if the torrent must be read */
    private static RemoteFile of(SourceSpec spec, PinnedFile file, @Nullable URI known, Torrent torrent)
            throws Problem {
        String name = known != null && PinnedFiles.hasUrl(file) ? file.plainPath() : PinnedFiles.name(file);
        Torrent.Entry entry = entry(spec, file, name, torrent);
        List<URI> uris = known == null ? urls(spec, torrent, entry) : List.of(known);
        RemoteFile plain = PinnedFiles.remote(spec, file, uris);
        List<Stated> checksums = plain.checksums().isEmpty() ? entry.checksums() : plain.checksums();
        return new RemoteFile(plain.path(), uris, entry.bytes(), checksums, false, null).withSpan(torrent.span(entry));
    }

    /** The torrent's entry for a pinned file. */
    private static Torrent.Entry entry(SourceSpec spec, PinnedFile file, String name, Torrent torrent) throws Problem {
        for (Torrent.Entry entry : torrent.files()) {
            if (entry.path().equals(name) || entry.path().equals(torrent.name() + "/" + name)) {
                if (file.bytes() != null && file.bytes() != entry.bytes()) {
                    throw new Problem(
                            Kind.UPSTREAM_CHANGED,
                            subject(spec) + ": " + name + " has " + entry.bytes() + " bytes, but " + file.bytes()
                                    + " are pinned");
                }
                return entry;
            }
        }
        throw new Problem(
                Kind.UPSTREAM_CHANGED,
                subject(spec) + " has no file " + name + ", but "
                        + Count.shortened(
                                torrent.files().stream()
                                        .map(Torrent.Entry::path)
                                        .toList(),
                                20),
                "correct the path or give the name in the torrent as at");
    }

    private static List<RemoteFile> listed(SourceSpec spec, Transport transport) throws Problem {
        Torrent torrent = torrent(spec, transport);
        FileListing listing = new FileListing(spec, subject(spec));
        for (Torrent.Entry entry : torrent.files()) {
            listing.add(entry.path(), urls(spec, torrent, entry), entry.bytes(), entry.checksums());
        }
        Map<String, Torrent.Entry> entries =
                torrent.files().stream().collect(Collectors.toMap(Torrent.Entry::path, entry -> entry, (a, b) -> a));
        List<RemoteFile> files = new ArrayList<>();
        for (RemoteFile file : listing.files()) {
            files.add(file.withSpan(
                    torrent.span(Objects.requireNonNull(entries.get(file.path().text())))));
        }
        return files;
    }

    /** The URLs at all web seeds; those without encryption only if there is no other. Never empty. */
    private static List<URI> urls(SourceSpec spec, Torrent torrent, Torrent.Entry entry) throws Problem {
        Set<URI> uris = new LinkedHashSet<>();
        List<String> seeds = new ArrayList<>(torrent.seeds());
        String more = spec.option("web-seed");
        if (more != null) {
            seeds.add(0, more);
        }
        for (String seed : seeds) {
            try {
                uris.add(torrent.at(seed, entry));
            } catch (IllegalArgumentException ignored) {
                // Seeds with other protocols are ignored.
            }
        }
        if (uris.isEmpty()) {
            throw manualDownload(spec, torrent);
        }
        List<URI> encrypted = uris.stream()
                .filter(uri -> "https".equalsIgnoreCase(uri.getScheme()))
                .toList();
        return encrypted.isEmpty() ? List.copyOf(uris) : encrypted;
    }

    private static Problem manualDownload(SourceSpec spec, Torrent torrent) {
        String tracker = torrent.tracker() == null ? "" : "&tr=" + UrlEncoding.segment(torrent.tracker());
        String magnet =
                "magnet:?xt=urn:btih:" + torrent.infohash() + "&dn=" + UrlEncoding.segment(torrent.name()) + tracker;
        return new Problem(
                Kind.PERSON,
                subject(spec) + " (" + torrent.name() + ") has no web seed, and histods does not support BitTorrent",
                "fetch it with a BitTorrent program, by " + magnet + " or from " + page(spec)
                        + ", then pass the files with --from FILE…");
    }

    static String page(SourceSpec spec) {
        return HOST + "details/" + spec.record().toLowerCase(Locale.ROOT);
    }

    private static String subject(SourceSpec spec) {
        return "torrent " + spec.record();
    }

    /** Reads the torrent with that infohash. */
    static Torrent torrent(SourceSpec spec, Transport transport) throws Problem {
        String hash = spec.record().toLowerCase(Locale.ROOT);
        URI uri = URI.create(HOST + "download/" + hash + ".torrent");
        byte[] bytes;
        try {
            bytes = transport.read(Request.get(uri), MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject(spec), page(spec), problem);
        }
        Torrent torrent;
        try {
            torrent = Torrent.parse(bytes);
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new Problem(
                    Kind.NETWORK,
                    subject(spec) + " cannot be read: " + uri + " did not respond with a torrent: " + e.getMessage(),
                    "look at " + page(spec),
                    e);
        }
        if (!torrent.infohash().equals(hash)) {
            throw new Problem(
                    Kind.WRONG_BYTES,
                    subject(spec) + ": " + uri + " responded with the torrent " + torrent.infohash(),
                    "look at " + page(spec));
        }
        return torrent;
    }
}
