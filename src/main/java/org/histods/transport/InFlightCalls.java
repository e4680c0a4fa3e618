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
 * The calls under way, so that all can be cancelled, and so that the one a thread is blocked in ends when the thread is
 * interrupted: a blocked socket does not notice that by itself.
 */
final class InFlightCalls implements AutoCloseable {

    private static final long LOOK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Set<OpenCall> open = ConcurrentHashMap.newKeySet();
    private final AtomicBoolean watched = new AtomicBoolean();
    private volatile boolean closed;

    /** @param place given back when the call is closed */
    OpenCall add(Call call, HostThrottle.Place place) {
        OpenCall one = new OpenCall(call, place);
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

    /** Looks from time to time while calls are under way, and ends with the last of them. */
    private void watch() {
        do {
            while (!closed && !open.isEmpty()) {
                LockSupport.parkNanos(LOOK_NANOS);
                cancelInterrupted();
            }
            watched.set(false);
            // One that came in between saw that it was watched, and is watched on.
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

    /** One call, its answer, and its place at the host's gate. */
    final class OpenCall implements AutoCloseable {

        private final Call call;
        private final HostThrottle.Place place;
        private volatile @Nullable Thread blocked;
        private volatile @Nullable Response response;

        private OpenCall(Call call, HostThrottle.Place place) {
            this.call = call;
            this.place = place;
        }

        Call call() {
            return call;
        }

        void answered(Response with) {
            response = with;
        }

        /** The current thread goes into a call that blocks; to be followed by {@link #leave}. */
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
            place.close();
        }
    }
}
