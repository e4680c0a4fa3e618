package org.histods.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The calls in progress. Cancels all of them on close, and the one in which a thread blocks when that thread is
 * interrupted, which a blocked socket does not notice.
 */
final class InFlightCalls implements AutoCloseable {

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Set<OpenCall> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean closed;

    /** @param permit released when the call is closed */
    OpenCall add(Call call, HostThrottle.Permit permit) {
        OpenCall one = new OpenCall(call, permit);
        open.add(one);
        if (closed) {
            call.cancel();
        } else if (watched.compareAndSet(false, true)) {
            Thread thread = new Thread(this::watch, "histods-transport-watch");
            thread.setDaemon(true);
            thread.start();
        }
        return one;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        open.forEach(one -> one.call.cancel());
    }

    /** Polls while calls are in progress, and ends with the last of them. */
    private void watch() {
        do {
            while (!closed && !open.isEmpty()) {
                LockSupport.parkNanos(POLL_NANOS);
                cancelInterrupted();
            }
            watched.set(false);
            // A call that was added in between relies on this thread.
        } while (!closed && !open.isEmpty() && watched.compareAndSet(false, true));
    }

    private void cancelInterrupted() {
        for (OpenCall one : open) {
            Thread thread = one.blocked;
            if (thread != null && thread.isInterrupted()) {
                one.call.cancel();
            }
        }
    }

    /** One call, its response, and its permit of the host. */
    final class OpenCall implements AutoCloseable {

        private final Call call;
        private final HostThrottle.Permit permit;
        private volatile @Nullable Thread blocked;
        private volatile @Nullable Response response;

        private OpenCall(Call call, HostThrottle.Permit permit) {
            this.call = call;
            this.permit = permit;
        }

        Call call() {
            return call;
        }

        void responded(Response received) {
            response = received;
        }

        /** Marks the current thread as blocked in the call, until {@link #leave}. */
        void enter() {
            blocked = Thread.currentThread();
        }

        void leave() {
            blocked = null;
        }

        boolean closing() {
            return closed;
        }

        /** Safe to call again. */
        @Override
        public void close() {
            open.remove(this);
            Response last = response;
            if (last != null) {
                last.close();
            }
            permit.close();
        }
    }
}
