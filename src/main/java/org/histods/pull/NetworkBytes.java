package org.histods.pull;

import java.util.concurrent.atomic.AtomicLong;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;

/** Counts the bytes of an attempt that arrive over the network, for the case that none of its files is used. Thread-safe. */
final class NetworkBytes implements PullListener {

    private final PullListener listener;
    private final AtomicLong arrived = new AtomicLong();

    /** Passes everything on to a listener. */
    NetworkBytes(PullListener listener) {
        this.listener = listener;
    }

    long arrived() {
        return arrived.get();
    }

    @Override
    public void planned(PullPlan plan) throws Problem {
        listener.planned(plan);
    }

    @Override
    public void fetched(FetchResult fetch) {
        listener.fetched(fetch);
    }

    @Override
    public void bytes(long count, boolean overNetwork) {
        if (overNetwork) {
            arrived.addAndGet(count);
        }
        listener.bytes(count, overNetwork);
    }

    @Override
    public void connections(int change) {
        listener.connections(change);
    }

    @Override
    public void note(String text) {
        listener.note(text);
    }
}
