package org.histods.unpack.stream;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.SeekableByteChannel;

/**
 * A channel from its position on, as a buffered stream. Unlike the JDK's own, it never calls {@code size()}, which waits
 * for the end of a download of unknown length. Its failures are {@link ArchiveReadException}s.
 */
public final class ChannelInputStream extends InputStream {

    private final SeekableByteChannel channel;
    private final ByteBuffer buffer = ByteBuffer.allocate(Codec.BUFFER).limit(0);
    /** Where in the channel the buffered bytes end. */
    private long end;

    public ChannelInputStream(SeekableByteChannel channel) {
        this.channel = channel;
    }

    /** Moves to a position of the channel, without reading if its bytes are buffered. */
    public void seek(long position) throws IOException {
        long start = end - buffer.limit();
        if (position >= start && position <= end) {
            buffer.position((int) (position - start));
            return;
        }
        try {
            channel.position(position);
        } catch (IOException e) {
            throw new ArchiveReadException(e);
        }
        buffer.position(0).limit(0);
        end = position;
    }

    /** The position up to which the channel was read. */
    public long taken() {
        return end;
    }

    @Override
    public int read() throws IOException {
        return fill() ? buffer.get() & 0xff : -1;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!buffer.hasRemaining() && length >= buffer.capacity()) {
            return readDirectly(ByteBuffer.wrap(target, offset, length));
        }
        if (!fill()) {
            return -1;
        }
        int count = Math.min(length, buffer.remaining());
        buffer.get(target, offset, count);
        return count;
    }

    /** Reads past the buffer, which is empty. */
    private int readDirectly(ByteBuffer target) throws IOException {
        int count = readSome(channel, target);
        end += Math.max(count, 0);
        buffer.position(0).limit(0);
        return count;
    }

    private boolean fill() throws IOException {
        if (buffer.hasRemaining()) {
            return true;
        }
        buffer.clear();
        int count = readSome(channel, buffer);
        buffer.flip();
        end += Math.max(count, 0);
        return count > 0;
    }

    /** Reads at least a byte, or returns -1 at the end. */
    static int readSome(SeekableByteChannel channel, ByteBuffer target) throws IOException {
        try {
            int count;
            do {
                if (Thread.currentThread().isInterrupted()) {
                    throw new ClosedByInterruptException();
                }
                count = channel.read(target);
            } while (count == 0);
            return count;
        } catch (IOException e) {
            throw new ArchiveReadException(e);
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
