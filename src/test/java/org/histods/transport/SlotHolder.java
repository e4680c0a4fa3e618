package org.histods.transport;

import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** A process of its own that holds the only connection to 127.0.0.1 until it is killed. */
final class SlotHolder {

    private SlotHolder() {}

    public static void main(String[] args) throws InterruptedException {
        SharedPace.Slot slot = new SharedPace(Path.of(args[0]), "127.0.0.1", 1).take();
        if (slot != null) {
            System.out.print('k');
            System.out.flush();
            new CountDownLatch(1).await();
            slot.close();
        }
    }
}
