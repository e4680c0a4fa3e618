package org.histods.pull.remote;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Fingerprint;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.histods.provenance.MirrorListing;
import org.histods.provenance.MirrorPull;
import org.histods.source.listing.UrlEncoding;
import org.histods.text.Bytes;
import org.histods.text.Durations;
import org.histods.text.TerminalText;
import org.histods.transport.Request;
import org.histods.transport.Response;
import org.histods.transport.Sleeper;
import org.histods.transport.Transport;
import org.jspecify.annotations.Nullable;

/** A mirror that {@code histods serve} serves. */
public final class ServedMirrorClient implements RemoteMirror {

    private static final int MAX_BYTES = 64 << 20;
    private static final int MAX_REPLY = 64 << 10;

    /** Each note about a mirror that pulls is at least so long after the last one. */
    private static final Duration NOTES = Duration.ofMinutes(1);

    private static final Duration SHORTEST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);
    private static final int MAX_REASON = 300;

    private final URI mirror;
    private final Sleeper sleeper;
    private final Duration patience;

    /**
     * A served mirror.
     *
     * @param mirror its URL, with a slash at its end
     * @param sleeper for the pauses while it pulls
     * @param patience how long a pull of the mirror may be without progress
     */
    public ServedMirrorClient(URI mirror, Sleeper sleeper, Duration patience) {
        this.mirror = mirror;
        this.sleeper = sleeper;
        this.patience = patience;
    }

    @Override
    public Optional<Offer> find(DatasetId id, DatasetVersion version, Transport transport) throws Problem {
        try {
            for (MirrorListing.Entry bag : listing(transport).bags()) {
                if (id.text().equals(bag.id()) && version.text().equals(bag.version())) {
                    return Optional.of(
                            new Served(folder(bag), new Fingerprint(bag.fingerprint()), bag.selection(), id));
                }
            }
            return Optional.empty();
        } catch (IllegalArgumentException e) {
            throw unreadable("what it lists cannot be read: ", e);
        }
    }

    private static Problem unreadable(String what, IllegalArgumentException e) {
        return new Problem(Problem.Kind.NETWORK, what + e.getMessage(), "check the URL of the mirror", e);
    }

    private MirrorListing listing(Transport transport) throws Problem {
        return MirrorListing.read(
                transport.read(Request.get(mirror.resolve("mirror.json")).allowUnencrypted(), MAX_BYTES));
    }

    @Override
    public Optional<Offer> obtain(DatasetId id, DatasetVersion version, Transport transport, Consumer<String> note)
            throws Problem {
        try {
            if (!listing(transport).pulls()) {
                return Optional.empty();
            }
            String dataset = id + " " + version;
            Request question = Request.postJson(
                            mirror.resolve("bags/" + UrlEncoding.path(id.text()) + "/"
                                    + UrlEncoding.path(version.text()) + "/"),
                            "{}")
                    .allowUnencrypted();
            note.accept("the mirror " + mirror + " does not have " + dataset + "; asking it to pull that");
            Duration idle = Duration.ZERO;
            Duration sinceNote = Duration.ZERO;
            MirrorPull last = null;
            while (true) {
                Reply reply = ask(question, transport);
                MirrorPull pull = reply.pull();
                if (!pull.unfinished()) {
                    if (pull.state() == MirrorPull.State.READY) {
                        return find(id, version, transport);
                    }
                    throw notPulled(
                            (pull.state() == MirrorPull.State.FAILED ? "it could not pull " : "it does not pull ")
                                    + dataset + ": " + shortened(pull.reason()));
                }
                // In the queue, the bytes of the pulls before this one are progress.
                idle = pull.equals(last) ? idle : Duration.ZERO;
                last = pull;
                if (idle.compareTo(patience) >= 0) {
                    throw notPulled((pull.state() == MirrorPull.State.WAITING
                                    ? "the pulls before that of " + dataset
                                    : "its pull of " + dataset)
                            + " made no progress for " + Durations.text(patience));
                }
                if (sinceNote.compareTo(NOTES) >= 0) {
                    note.accept(progress(pull));
                    sinceNote = Duration.ZERO;
                }
                sleep(reply.pause());
                idle = idle.plus(reply.pause());
                sinceNote = sinceNote.plus(reply.pause());
            }
        } catch (IllegalArgumentException e) {
            throw unreadable("its response cannot be read: ", e);
        }
    }

    private static Problem notPulled(String why) {
        return new Problem(Problem.Kind.NETWORK, why, "ask the owner of the mirror");
    }

    private static String shortened(@Nullable String text) {
        String safe = TerminalText.safeLine(String.valueOf(text));
        return safe.length() <= MAX_REASON ? safe : safe.substring(0, MAX_REASON) + "…";
    }

    private String progress(MirrorPull pull) {
        Long total = pull.total();
        return pull.state() == MirrorPull.State.WAITING
                ? "the mirror " + mirror + " pulls other datasets first"
                : "the mirror " + mirror + " has received " + Bytes.text(pull.bytes())
                        + (total == null ? "" : " of " + Bytes.text(total));
    }

    /** @param pause how long to wait before asking again */
    private record Reply(MirrorPull pull, Duration pause) {}

    private static Reply ask(Request question, Transport transport) throws Problem {
        try (Response response = transport.open(question)) {
            MirrorPull pull = MirrorPull.read(response.body().readNBytes(MAX_REPLY));
            return new Reply(pull, pause(response.header("Retry-After").orElse("")));
        } catch (IOException e) {
            throw new Problem(
                    Problem.Kind.NETWORK, Problem.because("its response broke off", e), "run the same command again");
        }
    }

    private static Duration pause(String seconds) {
        Duration asked = seconds.matches("\\d{1,6}") ? Duration.ofSeconds(Long.parseLong(seconds)) : SHORTEST_PAUSE;
        Duration atLeast = asked.compareTo(SHORTEST_PAUSE) < 0 ? SHORTEST_PAUSE : asked;
        return atLeast.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : atLeast;
    }

    private void sleep(Duration pause) throws Problem {
        try {
            sleeper.sleep(pause);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Problem.interrupted();
        }
    }

    private URI folder(MirrorListing.Entry bag) {
        URI url = mirror.resolve(bag.path());
        if (!url.toString().startsWith(mirror.toString()) || !url.toString().endsWith("/")) {
            throw new IllegalArgumentException("its " + bag.id() + " is at another place: " + url);
        }
        return url;
    }

    @Override
    public String toString() {
        return mirror.toString();
    }

    private record Served(URI url, Fingerprint fingerprint, List<String> selection, DatasetId id) implements Offer {

        @Override
        public String by() {
            return url.getAuthority();
        }

        @Override
        public String advice() {
            return "tell the owner of that mirror to run `histods verify " + id + "`";
        }

        @Override
        public byte[] read(String path, int maxBytes, Transport transport) throws Problem {
            return transport.read(request(url.resolve(UrlEncoding.path(path))), maxBytes);
        }

        @Override
        public URI file(BagFile file) {
            return url.resolve("data/" + UrlEncoding.path(file.path().text()));
        }

        /** A plain GET of a URL that the user gave. */
        @Override
        public Request request(URI file) {
            return Request.get(file).allowUnencrypted();
        }
    }
}
