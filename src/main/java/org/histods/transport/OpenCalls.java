package org.histods.transport;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/**
 * The calls under way, so that all can be cancelled, and so that the one a thread is blocked in ends when the thread is
 * interrupted: a blocked socket does not notice that by itself.
 */
final class OpenCalls implements AutoCloseable {

    private static final long LOOK_MILLIS = 50;

    private final Set<OpenCall> open = ConcurrentHashMap.newKeySet();
    private final ScheduledExecutorService watch = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "histods-transport-watch");
        thread.setDaemon(true);
        return thread;
    });
    private volatile boolean closed;

    @SuppressWarnings("FutureReturnValueIgnored") // It ends with the executor.
    OpenCalls() {
        watch.scheduleWithFixedDelay(this::cancelInterrupted, LOOK_MILLIS, LOOK_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** @param place given back when the call is closed */
    OpenCall add(Call call, HostGate.Place place) {
        OpenCall one = new OpenCall(call, place);
        open.add(one);
        if (closed) {
            call.cancel();
        }
        return one;
    }

    boolean closed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
        watch.shutdownNow();
        open.forEach(one -> one.call.cancel());
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
        private final HostGate.Place place;
        private volatile @Nullable Thread blocked;
        private volatile @Nullable Response response;

        private OpenCall(Call call, HostGate.Place place) {
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
