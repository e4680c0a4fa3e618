package org.histods.fetch;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/** One reader of a growing file, which waits for bytes that have not arrived. For one thread. */
final class GrowingFileChannel implements SeekableByteChannel {

    private final GrowingFile file;
    private long position;
    private boolean open = true;

    GrowingFileChannel(GrowingFile file) {
        this.file = file;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        check();
        if (!target.hasRemaining()) {
            return 0;
        }
        int count = file.read(target, position);
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

    /** The size of the complete file; waits until it is known. */
    @Override
    public long size() throws IOException {
        check();
        return file.awaitTotal();
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
