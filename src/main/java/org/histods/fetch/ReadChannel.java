package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** Read-only channel over bytes that can be read at any position. Not thread-safe. */
final class ReadChannel implements SeekableByteChannel {

    /** Reads at least one byte at a position; -1 at or after the end. */
    @FunctionalInterface
    interface Reads {
        int read(ByteBuffer target, long position) throws IOException;
    }

    /** The number of bytes; may wait until it is known. */
    @FunctionalInterface
    interface Length {
        long size() throws IOException;
    }

    private final Reads reads;
    private final Length length;
    private long position;
    private boolean open = true;

    ReadChannel(Reads reads, Length length) {
        this.reads = reads;
        this.length = length;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        check();
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = reads.read(target, position);
        position += Math.max(0, count);
        return count;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public long position() throws IOException {
        check();
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        check();
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        check();
        return length.size();
    }

    @Override
    public SeekableByteChannel truncate(long size) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    @Override
    public void close() {
        open = false;
    }

    private void check() throws ClosedChannelException {
        if (!open) {
            throw new ClosedChannelException();
        }
    }
}
