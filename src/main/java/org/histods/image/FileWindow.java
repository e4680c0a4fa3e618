package org.histods.image;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Reads numbers anywhere in a file of any size, through one small buffer. */
final class FileWindow implements AutoCloseable {

    private static final int SIZE = 1 << 13;

    private final FileChannel channel;
    private final long length;
    private final ByteBuffer window = ByteBuffer.allocate(SIZE).limit(0);
    private long start;

    FileWindow(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.READ);
        length = channel.size();
    }

    long length() {
        return length;
    }

    void order(ByteOrder order) {
        window.order(order);
    }

    /**
     * Moves the window, if need be, so that it has those bytes.
     *
     * @return their index in the window
     */
    private int at(long position, int bytes, String what) throws IOException {
        if (position < 0 || position > length - bytes) {
            throw ImageCheck.Stopped.broken(
                    what + " at byte " + position + " is cut off: the file ends at byte " + length);
        }
        if (position < start || position + bytes > start + window.limit()) {
            window.clear();
            start = position;
            int read = 0;
            while (window.hasRemaining() && read >= 0) {
                read = channel.read(window, start + window.position());
            }
            window.flip();
            if (window.limit() < bytes) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return (int) (position - start);
    }

    int u8(long position, String what) throws IOException {
        return window.get(at(position, 1, what)) & 0xff;
    }

    int u16(long position, String what) throws IOException {
        return window.getShort(at(position, 2, what)) & 0xffff;
    }

    long u32(long position, String what) throws IOException {
        return window.getInt(at(position, 4, what)) & 0xffffffffL;
    }

    /** A signed number of 64 bits. Files state unsigned ones, but no position or size in a file needs the highest bit. */
    long s64(long position, String what) throws IOException {
        return window.getLong(at(position, 8, what));
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
