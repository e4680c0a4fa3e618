package org.histods.testing;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;
import java.util.ArrayList;
import java.util.List;
import org.histods.unpack.ArchiveSource;
import org.jspecify.annotations.Nullable;

/** An archive whose front grows, with or without its tail; reading missing bytes blocks. */
public final class GrowingArchive implements ArchiveSource {

    private final String name;
    private final byte[] bytes;
    private final int tail;
    private final boolean sizeKnown;
    private final List<Channel> channels = new ArrayList<>();
    private int front;
    private int waitingAt = -1;
    private @Nullable IOException failure;

    /** @param tail how many bytes of the end are there from the first */
    public GrowingArchive(String name, byte[] bytes, int tail, boolean sizeKnown) {
        this.name = name;
        this.bytes = bytes;
        this.tail = tail;
        this.sizeKnown = sizeKnown;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public synchronized SeekableByteChannel open() {
        Channel channel = new Channel();
        channels.add(channel);
        return channel;
    }

    public synchronized void growTo(int length) {
        front = length;
        notifyAll();
    }

    public synchronized void fail(IOException e) {
        failure = e;
        notifyAll();
    }

    public synchronized void closeAll() {
        channels.forEach(channel -> channel.open = false);
        notifyAll();
    }

    /** Waits until a reader waits for bytes at that position or further on. */
    public synchronized void awaitReader(int position) throws InterruptedException {
        while (waitingAt < position) {
            wait();
        }
    }

    private final class Channel implements SeekableByteChannel {
        private long position;
        private boolean open = true;

        @Override
        public int read(ByteBuffer target) throws IOException {
            synchronized (GrowingArchive.this) {
                if (!open) {
                    throw new ClosedChannelException();
                }
                if (position >= bytes.length && front == bytes.length) {
                    return -1;
                }
                int count = Math.min(awaitBytes(), target.remaining());
                target.put(bytes, (int) position, count);
                position += count;
                return count;
            }
        }

        private int awaitBytes() throws IOException {
            while (true) {
                if (!open) {
                    throw new AsynchronousCloseException();
                }
                if (failure != null) {
                    throw failure;
                }
                if (position < front) {
                    return (int) (front - position);
                }
                if (position >= bytes.length - tail && position < bytes.length) {
                    return (int) (bytes.length - position);
                }
                waitingAt = Math.max(waitingAt, (int) position);
                GrowingArchive.this.notifyAll();
                try {
                    GrowingArchive.this.wait();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    open = false;
                    throw new ClosedByInterruptException();
                }
            }
        }

        @Override
        public long position() {
            return position;
        }

        @Override
        public SeekableByteChannel position(long newPosition) {
            position = newPosition;
            return this;
        }

        @Override
        public long size() {
            if (!sizeKnown) {
                throw new AssertionError("the size of a stream is not known before its end");
            }
            return bytes.length;
        }

        @Override
        public boolean isOpen() {
            return open;
        }

        @Override
        public void close() {
            synchronized (GrowingArchive.this) {
                open = false;
                GrowingArchive.this.notifyAll();
            }
        }

        @Override
        public int write(ByteBuffer source) {
            throw new NonWritableChannelException();
        }

        @Override
        public SeekableByteChannel truncate(long size) {
            throw new NonWritableChannelException();
        }
    }
}
