package org.histods.cli.shell;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.histods.fetch.FetchedRanges;
import org.histods.fetch.ResponseSummary;
import org.histods.manifest.Manifest;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;
import org.histods.provenance.LocalContent;
import org.histods.pull.PullListener;
import org.histods.pull.PullPlan;
import org.histods.text.Bytes;
import org.histods.text.Count;
import org.histods.text.Durations;
import org.histods.unpack.ArchiveKind;
import org.jspecify.annotations.Nullable;

/** Progress of a pull: a live line on a terminal, a line every 30 s in a log, objects with {@code --json}. */
public final class ProgressDisplay implements PullListener, AutoCloseable {

    private static final long LIVE_NANOS = 200_000_000L;
    private static final long PLAIN_NANOS = 30_000_000_000L;
    private static final int LISTED = 20;

    private final Console console;
    private final Manifest manifest;
    private final PullConfirmation confirmation;
    private final long started = System.nanoTime();
    private final AtomicLong bytes = new AtomicLong();
    private final AtomicLong networkBytes = new AtomicLong();
    private final AtomicLong files = new AtomicLong();
    private final AtomicInteger connections = new AtomicInteger();
    private volatile long total = -1;
    private volatile int items;
    private final UnencryptedNotice unencrypted = new UnencryptedNotice();
    private long shownAt = System.nanoTime();

    ProgressDisplay(Console console, Manifest manifest, PullConfirmation confirmation) {
        this.console = console;
        this.manifest = manifest;
        this.confirmation = confirmation;
    }

    /** The {@code plan} object of {@code --json}. */
    public static Map<String, Object> plan(PullPlan plan) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "plan");
        line.put("dataset", plan.dataset());
        line.put("version", plan.version());
        line.put("files", plan.items().size());
        line.put("bytes", plan.size().exactly().orElse(null));
        line.put("size", SizeJson.of(plan.size()));
        return line;
    }

    @Override
    public void planned(PullPlan plan) throws Problem {
        boolean exact = plan.items().stream().allMatch(i -> i.size().exactly().isPresent());
        total = exact ? plan.exactBytes() : -1;
        items = plan.items().size();
        console.object(plan(plan));
        console.say(console.bold(plan.dataset().text()) + " " + plan.version() + ": " + Count.of(items, "file") + ", "
                + (plan.size().known() ? plan.size().text() : "size unknown") + ", licence "
                + manifest.terms().license().shown());
        if (manifest.terms().license().doubt() != null) {
            console.say("  licence unclear: " + manifest.terms().license().doubt());
        }
        AdoptionView.show(console, plan, console::say);
        confirmation.ask(plan);
    }

    @Override
    public void bytes(long count, boolean network) {
        bytes.addAndGet(count);
        if (network) {
            networkBytes.addAndGet(count);
        }
        show();
    }

    @Override
    public void connections(int change) {
        connections.addAndGet(change);
    }

    private void show() {
        long now = System.nanoTime();
        boolean live = console.liveProgress();
        synchronized (this) {
            if (now - shownAt < (live ? LIVE_NANOS : PLAIN_NANOS)) {
                return;
            }
            shownAt = now;
        }
        if (live) {
            console.status(line(now));
        } else if (console.plainProgress()) {
            console.say(line(now));
        }
    }

    private String line(long now) {
        long done = bytes.get();
        double seconds = Math.max(0.001, (now - started) / 1e9);
        double rate = networkBytes.get() / seconds;
        StringBuilder line = new StringBuilder("  ").append(Bytes.text(done));
        if (total > 0) {
            line.append(" of ").append(Bytes.text(total));
            line.append(String.format(Locale.ROOT, " (%d %%)", Math.min(100, done * 100 / total)));
        }
        line.append(", ").append(Bytes.text((long) rate)).append("/s");
        int open = connections.get();
        if (open > 1) {
            line.append(" over ").append(Count.of(open, "connection"));
        }
        // The first moments say nothing about the rest.
        if (total > done && rate > 1 && seconds >= 1) {
            Duration left = Duration.ofSeconds((long) ((total - done) / rate));
            line.append(", ").append(Durations.text(left)).append(" left");
        }
        return line.append(", ")
                .append(files.get())
                .append('/')
                .append(Count.of(items, "file"))
                .toString();
    }

    @Override
    public void fetched(FetchResult fetch) {
        long number = files.incrementAndGet();
        FetchedRanges ranges = fetch.file().ranges();
        if (console.json()) {
            console.object(file(fetch));
        }
        unencrypted.add(fetch);
        if (fetch.unpacked() == null) {
            ArchiveKind.whyKeptPacked(fetch.file().remote().path().name())
                    .ifPresent(why -> console.say("  " + fetch.file().remote().path() + " is kept packed: " + why));
        }
        if (items <= LISTED || number <= LISTED) {
            String unpacked = fetch.unpacked() == null
                    ? ""
                    : ", unpacked " + Count.of(fetch.unpacked().files().size(), "file");
            String size = Bytes.text(fetch.file().bytes());
            LocalContent local = fetch.local();
            if (local != null) {
                long here = local.groups().stream()
                        .mapToLong(LocalContent.Group::files)
                        .sum();
                long all =
                        fetch.unpacked() == null ? 1 : fetch.unpacked().files().size();
                console.say("  " + fetch.file().remote().path() + "  "
                        + (local.from().equals(LocalContent.FOLDER)
                                ? "adopted"
                                : "taken from " + local.from() + " in the mirror")
                        + (all == 1 ? "" : ", " + here + " of " + Count.of(all, "file"))
                        + (fetch.file().origin().transferred() == 0
                                ? ""
                                : ", " + Bytes.text(fetch.file().origin().transferred()) + " read at the host"));
                return;
            }
            console.say("  " + fetch.file().remote().path() + "  "
                    + (ranges == null ? size : Bytes.text(ranges.bytes()) + " of " + size) + "  " + check(fetch)
                    + unpacked);
        } else if (number == LISTED + 1) {
            console.say("  … (the receipt lists all " + items + ")");
        }
    }

    /** The {@code file} object of {@code --json}. */
    private Map<String, Object> file(FetchResult fetch) {
        Map<String, Object> line = new LinkedHashMap<>();
        line.put("event", "file");
        line.put("dataset", manifest.id());
        line.put("path", fetch.file().remote().path().text());
        line.put("bytes", fetch.file().bytes());
        FetchedRanges ranges = fetch.file().ranges();
        line.put("local", fetch.local() == null ? null : fetch.local().from());
        line.put("sha256", ranges == null ? fetch.file().sha256().hex() : null);
        line.put("read", ranges == null ? null : ranges.bytes());
        line.put("check", fetch.check());
        line.put("end", end(fetch));
        line.put("by", fetch.by().isEmpty() ? null : fetch.by());
        line.put("source", fetch.file().origin().source());
        line.put(
                "url",
                fetch.file().origin().requested() == null
                        ? null
                        : fetch.file().origin().requested().toString());
        line.put("encrypted", fetch.file().origin().encrypted());
        return line;
    }

    private static @Nullable String end(FetchResult fetch) {
        ResponseSummary response = fetch.file().origin().response();
        return response == null ? null : response.end();
    }

    private static String check(FetchResult fetch) {
        if (fetch.verified()) {
            return "verified against " + fetch.by();
        }
        return fetch.file().ranges() == null
                ? "computed (no published checksum)" + (end(fetch) == null ? "" : ", length not confirmed")
                : "not compared with the archive's checksum, CRC-32 of each file right";
    }

    @Override
    public void note(String text) {
        console.say("  " + text);
    }

    /** Ends the display of a pull that succeeded. */
    public void done() {
        console.endStatus();
        unencrypted.text().ifPresent(console::warn);
    }

    @Override
    public void close() {
        console.endStatus();
    }
}
