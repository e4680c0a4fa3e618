package org.histods.testing;

import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import org.histods.transport.CrossProcessThrottle;

/** A separate process that holds the only connection to 127.0.0.1, or the turn, until it is killed. */
public final class SlotHolder {

    private SlotHolder() {}

    public static void main(String[] args) throws Exception {
        Path state = Path.of(args[0]);
        if (args.length > 1) {
            try (FileChannel turn = FileChannel.open(
                            state.resolve("127.0.0.1.turn"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock lock = turn.lock()) {
                hold(lock.isValid());
            }
            return;
        }
        CrossProcessThrottle.Slot slot = new CrossProcessThrottle(state, "127.0.0.1", 1).take();
        hold(slot != null);
    }

    private static void hold(boolean held) throws InterruptedException {
        if (held) {
            System.out.print('k');
            System.out.flush();
            new CountDownLatch(1).await();
        }
    }
}
