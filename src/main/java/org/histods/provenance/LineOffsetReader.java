package org.histods.provenance;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/** Reads the lines of a text file with the offset at which each starts, one by one or from any offset. */
public final class LineOffsetReader implements AutoCloseable {

    /** How many bytes are read at once to find one line. */
    private static final int CHUNK = 512;

    private final InputStream in;
    private final byte[] buffer = new byte[1 << 16];
    private int from;
    private int to;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long start;
    private long end;

    public LineOffsetReader(Path file) throws IOException {
        this.in = Files.newInputStream(file);
    }

    /** Goes to the next line; false if there is none. */
    public boolean next() throws IOException {
        start = end;
        line.reset();
        for (; ; ) {
            for (int i = from; i < to; i++) {
                if (buffer[i] == '\n') {
                    take(i);
                    from++;
                    end++;
                    return true;
                }
            }
            take(to);
            from = 0;
            to = in.read(buffer);
            if (to < 0) {
                to = 0;
                return line.size() > 0;
            }
        }
    }

    private void take(int until) {
        line.write(buffer, from, until - from);
        end += until - from;
        from = until;
    }

    /** The current line without its line break. */
    public String line() {
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The offset of the current line in bytes. */
    public long start() {
        return start;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** The line that starts at that offset, without its line break; empty at the end of the file. */
    public static String at(RandomAccessFile file, long start) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        byte[] some = new byte[CHUNK];
        file.seek(start);
        for (int n = file.read(some); n > 0; n = file.read(some)) {
            for (int i = 0; i < n; i++) {
                if (some[i] == '\n') {
                    line.write(some, 0, i);
                    return line.toString(StandardCharsets.UTF_8);
                }
            }
            line.write(some, 0, n);
        }
        return line.toString(StandardCharsets.UTF_8);
    }

    /** The offset of the first line after that byte; {@code from} itself if a line starts there. */
    public static long startAfter(RandomAccessFile file, long from) throws IOException {
        if (from == 0) {
            return 0;
        }
        byte[] some = new byte[CHUNK];
        long at = from - 1;
        file.seek(at);
        for (int n = file.read(some); n > 0; n = file.read(some)) {
            for (int i = 0; i < n; i++) {
                if (some[i] == '\n') {
                    return at + i + 1;
                }
            }
            at += n;
        }
        return file.length();
    }
}
