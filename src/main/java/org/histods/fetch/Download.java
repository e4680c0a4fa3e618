package org.histods.fetch;

import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Attempt;
import org.histods.source.RemoteFile;
import org.histods.text.Bytes;
import org.histods.transport.MalformedResponseException;
import org.histods.transport.Response;
import org.jspecify.annotations.Nullable;

/**
 * Fills a growing file from the addresses of one candidate. A connection that breaks is taken up where it broke, as
 * long as there is progress; an address that fails for good gives way to the next one.
 *
 * <p>{@link #run} is for a thread of its own; what is volatile is read by the thread of the transfer.
 */
final class Download implements Runnable {

    /** How often in a row a connection may break without a new byte. */
    private static final int BREAKS = 5;

    private final RemoteFile file;
    private final TransferState answers;
    private final BodyWriter intake;
    private final GrowingFile growing;
    private final FetchSettings.Pause pause;
    private final FetchListener listener;
    private final TransferErrors faults;
    private final SegmentedDownload segments;
    private final List<Attempt> failed = new ArrayList<>();
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile @Nullable Problem problem;
    private volatile boolean started;

    Download(
            FetchCandidate candidate,
            TransferState answers,
            BodyWriter intake,
            GrowingFile growing,
            FetchSettings settings,
            FetchListener listener) {
        this.file = candidate.file();
        this.answers = answers;
        this.intake = intake;
        this.growing = growing;
        this.pause = settings.pause();
        this.listener = listener;
        this.faults = new TransferErrors(candidate);
        this.segments = new SegmentedDownload(this, answers, intake, growing, settings);
    }

    /** Runs until the file is whole or cannot be had; what went wrong is then in {@link #problem}. */
    @Override
    public void run() {
        started = true;
        try {
            fetch();
        } catch (Problem p) {
            problem = p;
            growing.fail(new IOException(p.message(), p));
        } catch (RuntimeException | Error e) {
            growing.fail(new IOException("the transfer ended by a bug", e));
            throw e;
        } finally {
            answers.end();
            ended.countDown();
        }
    }

    private void fetch() throws Problem {
        Problem last = null;
        for (URI uri : file.uris()) {
            try {
                from(uri);
                return;
            } catch (Problem p) {
                if (intake.stopped() || !anotherAddressMayHelp(p)) {
                    throw p.after(failed);
                }
                failed.addAll(p.attempts());
                last = p;
            }
        }
        if (last != null) {
            throw new Problem(last.kind(), last.message(), last.hint(), failed, last.getCause());
        }
    }

    private static boolean anotherAddressMayHelp(Problem p) {
        return switch (p.kind()) {
            case NETWORK, WRONG_BYTES, UPSTREAM_CHANGED, PERSON -> true;
            default -> false;
        };
    }

    private void from(URI uri) throws Problem {
        int breaks = 0;
        for (long from = growing.frontier(); !complete(from); from = growing.frontier()) {
            try {
                goOn(uri, from);
            } catch (IOException e) {
                if (e.getCause() instanceof Problem told) {
                    // Whoever opened it looked at the bytes as they came, and more of them would not help.
                    if (told.kind() == Problem.Kind.WRONG_BYTES) {
                        answers.distrust();
                    }
                    throw told;
                }
                breaks = growing.frontier() > from ? 1 : breaks + 1;
                afterBreak(uri, breaks, e);
            } catch (Problem p) {
                if (from == 0 || !beyondTheEnd(p)) {
                    throw p;
                }
                answers.nothingBehind(p);
                growing.end();
            }
        }
    }

    private void goOn(URI uri, long from) throws Problem, IOException {
        if (severalAreBetter(uri, from)) {
            segments.fetch(uri);
        }
        if (growing.total() < 0) {
            growing.total(growing.frontier());
        }
        if (growing.frontier() == from && from < growing.total()) {
            throw new IOException("the answer ended there without an error");
        }
    }

    /** Takes the rest in one answer, unless several are better: then it takes none of it and says so. */
    private boolean severalAreBetter(URI uri, long from) throws Problem, IOException {
        try (Response answer = intake.ask(uri, from, -1)) {
            answers.accept(uri, answer, from);
            boolean several = answer.coding().isEmpty() && segments.worthwhile(answer);
            if (!several) {
                intake.take(answer);
            }
            return several;
        }
    }

    private boolean complete(long frontier) throws Problem {
        long total = growing.total();
        if (total < 0 || frontier < total) {
            return growing.over();
        }
        if (total == 0 && file.bytes() == null) {
            answers.distrust();
            throw faults.instead(file.uri(), "nothing: the answer was empty");
        }
        growing.end();
        return true;
    }

    private static boolean beyondTheEnd(Problem p) {
        return p.attempts().stream().anyMatch(a -> a.status() != null && a.status() == 416);
    }

    /** Waits a little before the next try, or gives up after too many without progress. For segments too. */
    void afterBreak(URI uri, int breaks, IOException e) throws Problem {
        if (intake.stopped() || Thread.currentThread().isInterrupted()) {
            throw TransferErrors.interrupted();
        }
        long at = growing.frontier();
        // What breaks the rules of HTTP would do so again.
        if (breaks > (e instanceof MalformedResponseException ? 1 : BREAKS)) {
            throw faults.broken(uri, breaks, at, e);
        }
        listener.note(file.path() + ": the connection broke at " + Bytes.text(at) + " (" + TransferErrors.words(e)
                + "), going on");
        answers.resumed();
        pause.before(breaks);
    }

    /** Why the file cannot be had; null if it can. */
    @Nullable
    Problem problem() {
        return problem;
    }

    /** What was tried in vain; to be asked once it has run. */
    List<Attempt> failed() {
        return failed;
    }

    /** Waits until no thread of this writes any more. */
    void awaitEnd() {
        try {
            if (started && !ended.await(10, TimeUnit.SECONDS)) {
                listener.note(file.path() + ": the connection did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
