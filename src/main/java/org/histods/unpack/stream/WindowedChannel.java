package org.histods.unpack.stream;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.SeekableByteChannel;

/**
 * Reads a channel in windows, for readers of directories, which read a few bytes at a time: each read of the channel may
 * cost a request to a host. Its failures are {@link ArchiveReadException}s.
 *
 * <p>The window starts at the requested byte, since those before it may not be downloaded yet. Only when reads go
 * backwards repeatedly, as in the search for the end of a zip with a comment, it starts earlier, by twice as much each
 * time.
 */
public final class WindowedChannel implements SeekableByteChannel {

    private static final int WINDOW = 256 * 1024;

    private final SeekableByteChannel channel;
    private final ByteBuffer window = ByteBuffer.allocate(WINDOW).limit(0);
    private long start;
    private long position;
    private long size = -1;
    private long stepBack;

    public WindowedChannel(SeekableByteChannel channel) {
        this.channel = channel;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
        if (!target.hasRemaining()) {
            return 0;
        }
        if (position >= size()) {
            return -1;
        }
        if (position < start || position >= start + window.limit()) {
            boolean stepsBack = position < start && start - position < WINDOW / 2;
            stepBack = stepsBack ? Math.max(start - position, Math.min(2 * stepBack, WINDOW / 2)) : 0;
            if (!load(stepsBack ? Math.max(0, start - stepBack) : position)) {
                return -1;
            }
        }
        int at = (int) (position - start);
        int count = Math.min(target.remaining(), window.limit() - at);
        target.put(window.duplicate().position(at).limit(at + count));
        position += count;
        return count;
    }

    /** Loads the window from there, at least up to the position; false if the channel ends before. */
    private boolean load(long from) throws IOException {
        window.clear();
        try {
            channel.position(from);
            while (from + window.position() <= position) {
                if (ChannelInputStream.readSome(channel, window) < 0) {
                    return false;
                }
            }
            return true;
        } catch (ArchiveReadException e) {
            throw e;
        } catch (IOException e) {
            throw new ArchiveReadException(e);
        } finally {
            start = from;
            window.flip();
        }
    }

    @Override
    public long position() {
        return position;
    }

    @Override
    public SeekableByteChannel position(long newPosition) throws IOException {
        if (newPosition < 0) {
            throw new IOException("it points before its own start");
        }
        position = newPosition;
        return this;
    }

    @Override
    public long size() throws IOException {
        if (size < 0) {
            try {
                size = channel.size();
            } catch (IOException e) {
                throw new ArchiveReadException(e);
            }
        }
        return size;
    }

    @Override
    public int write(ByteBuffer source) {
        throw new NonWritableChannelException();
    }

    @Override
    public SeekableByteChannel truncate(long length) {
        throw new NonWritableChannelException();
    }

    @Override
    public boolean isOpen() {
        return channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
