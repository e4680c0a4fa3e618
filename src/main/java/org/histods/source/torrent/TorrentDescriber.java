package org.histods.source.torrent;

import java.math.BigInteger;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.Access;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.RecordDescription;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** Describes torrents of Academic Torrents, from its pages and from magnet links. */
final class TorrentDescriber {

    private static final Pattern PAGE =
            Pattern.compile("/(?:details|download)/([0-9a-fA-F]{40})(?:\\.torrent)?(?:/.*)?");
    private static final Pattern MAGNET =
            Pattern.compile("magnet:.*[?&]xt=urn:btih:([0-9a-fA-F]{40}|[a-zA-Z2-7]{32})(?:&.*)?");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

    private TorrentDescriber() {}

    /** What the host says about the record at that URL; empty if the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        String hash = hash(url);
        return hash == null ? Optional.empty() : Optional.of(described(hash, transport));
    }

    private static @Nullable String hash(URI url) {
        Matcher magnet = MAGNET.matcher(url.toString());
        if (magnet.matches()) {
            String hash = magnet.group(1).toLowerCase(Locale.ROOT);
            return hash.length() == 40 ? hash : hex(hash);
        }
        String host = url.getHost() == null ? "" : url.getHost();
        Matcher page = PAGE.matcher(url.getPath() == null ? "" : url.getPath());
        boolean here = host.equals("academictorrents.com") || host.equals("www.academictorrents.com");
        return here && page.matches() ? page.group(1).toLowerCase(Locale.ROOT) : null;
    }

    /** The hash in hex; older magnet links write it in base32. */
    private static String hex(String base32) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < base32.length(); i++) {
            number = number.shiftLeft(5).add(BigInteger.valueOf(LETTERS.indexOf(base32.charAt(i))));
        }
        return String.format("%040x", number);
    }

    private static RecordDescription described(String hash, Transport transport) throws Problem {
        SourceSpec requested = RecordDescription.spec("torrent", hash, Map.of(), List.of());
        Torrent torrent = TorrentSource.torrent(requested, transport);
        List<PinnedFile> files = torrent.files().stream()
                .map(entry -> RecordDescription.file(entry.path(), null, entry.bytes(), entry.checksums()))
                .toList();
        RecordDescription described = RecordDescription.named(
                RecordDescription.source("torrent", hash, Map.of(), List.of(), files),
                torrent.name(),
                TorrentSource.page(requested),
                null);
        return torrent.seeds().isEmpty()
                ? described.with(bitTorrent(torrent, TorrentSource.page(requested)))
                : described;
    }

    private static Access bitTorrent(Torrent torrent, String page) {
        return new Access(
                Access.Status.OPEN,
                "It has no web seed, and histods does not support BitTorrent.",
                page,
                List.of(
                        "Fetch it with a BitTorrent program from " + page + " (infohash " + torrent.infohash() + ").",
                        RecordDescription.PULL_LOCAL_FILES));
    }
}
