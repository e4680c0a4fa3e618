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

/** Describes torrents that Academic Torrents has, by its pages and by magnet links. */
final class TorrentDescriber {

    private static final Pattern PAGE =
            Pattern.compile("/(?:details|download)/([0-9a-fA-F]{40})(?:\\.torrent)?(?:/.*)?");
    private static final Pattern MAGNET =
            Pattern.compile("magnet:.*[?&]xt=urn:btih:([0-9a-fA-F]{40}|[a-zA-Z2-7]{32})(?:&.*)?");
    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyz234567";

    private TorrentDescriber() {}

    /** What the host says about the record at that URL; empty where the URL is not one of this kind. */
    static Optional<RecordDescription> describe(URI address, Transport transport) throws Problem {
        String hash = hash(address);
        return hash == null ? Optional.empty() : Optional.of(described(hash, transport));
    }

    private static @Nullable String hash(URI address) {
        Matcher magnet = MAGNET.matcher(address.toString());
        if (magnet.matches()) {
            String hash = magnet.group(1).toLowerCase(Locale.ROOT);
            return hash.length() == 40 ? hash : hex(hash);
        }
        String host = address.getHost() == null ? "" : address.getHost();
        Matcher page = PAGE.matcher(address.getPath() == null ? "" : address.getPath());
        boolean here = host.equals("academictorrents.com") || host.equals("www.academictorrents.com");
        return here && page.matches() ? page.group(1).toLowerCase(Locale.ROOT) : null;
    }

    /** Older magnet links have the hash in base32. */
    private static String hex(String base32) {
        BigInteger number = BigInteger.ZERO;
        for (int i = 0; i < base32.length(); i++) {
            number = number.shiftLeft(5).add(BigInteger.valueOf(LETTERS.indexOf(base32.charAt(i))));
        }
        return String.format("%040x", number);
    }

    private static RecordDescription described(String hash, Transport transport) throws Problem {
        SourceSpec asked = RecordDescription.spec("torrent", hash, Map.of(), List.of());
        Torrent torrent = TorrentSource.torrent(asked, transport);
        List<PinnedFile> files = torrent.files().stream()
                .map(entry -> RecordDescription.file(entry.path(), null, entry.bytes(), entry.sums()))
                .toList();
        RecordDescription described = RecordDescription.named(
                RecordDescription.source("torrent", hash, Map.of(), List.of(), files),
                torrent.name(),
                TorrentSource.page(asked),
                null);
        return torrent.seeds().isEmpty() ? described.with(byHand(torrent, TorrentSource.page(asked))) : described;
    }

    private static Access byHand(Torrent torrent, String page) {
        return new Access(
                Access.Status.OPEN,
                "It is on no web server, and histods speaks no BitTorrent.",
                page,
                List.of(
                        "Fetch it with a BitTorrent program from " + page + " (infohash " + torrent.infohash() + ").",
                        RecordDescription.BRING));
    }
}
