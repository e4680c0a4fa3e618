package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import org.jspecify.annotations.Nullable;

/**
 * A large zip64 on disk, written entry by entry, of which most is a hole, and a host that serves it with ranges and counts
 * the bytes of its bodies. Entries are as streaming writers make them: sizes follow the content in a data descriptor.
 */
public final class SparseZip implements AutoCloseable {

    private record Entry(byte[] name, int mode, int method, long crc, long packed, long bytes, long offset) {}

    private static final int FILE = 0100644;
    private static final int LINK = 0120777;

    private final FileChannel file;
    private final List<Entry> entries = new ArrayList<>();
    private final AtomicLong sent = new AtomicLong();
    private long at;
    private long directory;

    public SparseZip(Path path) throws IOException {
        file = FileChannel.open(
                path,
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE,
                StandardOpenOption.SPARSE);
    }

    /** Adds a deflated file; returns how many bytes its content takes. */
    public long add(String name, byte[] content) throws IOException {
        return add(name, content, 8, deflate(content));
    }

    /** Adds an entry of any method with packed bytes that may be wrong. */
    public long add(String name, byte[] content, int method, byte[] packed) throws IOException {
        return add(name, FILE, content, method, packed, 0);
    }

    /** Adds a deflated file whose local header has that many bytes more than the directory says. */
    public long addBehind(int padding, String name, byte[] content) throws IOException {
        return add(name, FILE, content, 8, deflate(content), padding);
    }

    /** Adds a symbolic link. */
    public void link(String name, String target) throws IOException {
        byte[] content = target.getBytes(StandardCharsets.UTF_8);
        add(name, LINK, content, 0, content, 0);
    }

    private long add(String name, int mode, byte[] content, int method, byte[] packed, int padding) throws IOException {
        CRC32 crc = new CRC32();
        crc.update(content);
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        entries.add(new Entry(bytes, mode, method, crc.getValue(), packed.length, content.length, at));
        writeHeader(bytes, method, padding);
        write(ByteBuffer.wrap(packed));
        writeDescriptor(crc.getValue(), packed.length, content.length);
        return packed.length;
    }

    /** Adds a stored file of that many zeros, which must not be read: its checksum is wrong. */
    public void hole(String name, long bytes) throws IOException {
        byte[] encoded = name.getBytes(StandardCharsets.UTF_8);
        entries.add(new Entry(encoded, FILE, 0, 0x12345678L, bytes, bytes, at));
        writeHeader(encoded, 0, 0);
        at += bytes;
        writeDescriptor(0x12345678L, bytes, bytes);
    }

    /** Adds an entry to the directory that is where the last one is. */
    public void repeatLast(String name) {
        Entry last = entries.get(entries.size() - 1);
        entries.add(new Entry(
                name.getBytes(StandardCharsets.UTF_8),
                last.mode(),
                last.method(),
                last.crc(),
                last.packed(),
                last.bytes(),
                last.offset()));
    }

    private void writeHeader(byte[] name, int method, int padding) throws IOException {
        ByteBuffer header = buffer(30 + name.length + 20 + padding);
        header.putInt(0x04034b50).putShort((short) 45).putShort((short) (1 << 3 | 1 << 11));
        header.putShort((short) method).putInt(0).putInt(0).putInt(0).putInt(0);
        header.putShort((short) name.length).putShort((short) (20 + padding)).put(name);
        header.putShort((short) 1).putShort((short) 16);
        write(header.rewind());
    }

    private void writeDescriptor(long crc, long packed, long bytes) throws IOException {
        write(buffer(24)
                .putInt(0x08074b50)
                .putInt((int) crc)
                .putLong(packed)
                .putLong(bytes)
                .rewind());
    }

    /** Writes the directory; returns how many bytes it and the records at the end take. */
    public long finish() throws IOException {
        directory = at;
        for (Entry entry : entries) {
            ByteBuffer header = buffer(46 + entry.name().length + 28);
            header.putInt(0x02014b50).putShort((short) (3 << 8 | 45)).putShort((short) 45);
            header.putShort((short) (1 << 3 | 1 << 11)).putShort((short) entry.method());
            header.putInt(0).putInt((int) entry.crc()).putInt(-1).putInt(-1);
            header.putShort((short) entry.name().length).putShort((short) 28).putShort((short) 0);
            header.putShort((short) 0)
                    .putShort((short) 0)
                    .putInt(entry.mode() << 16)
                    .putInt(-1);
            header.put(entry.name()).putShort((short) 1).putShort((short) 24);
            header.putLong(entry.bytes()).putLong(entry.packed()).putLong(entry.offset());
            write(header.rewind());
        }
        long end = at;
        ByteBuffer record = buffer(56 + 20 + 22);
        record.putInt(0x06064b50).putLong(44).putShort((short) 45).putShort((short) 45);
        record.putInt(0).putInt(0).putLong(entries.size()).putLong(entries.size());
        record.putLong(end - directory).putLong(directory);
        record.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        record.putInt(0x06054b50).putShort((short) 0).putShort((short) 0);
        record.putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1);
        write(record.putShort((short) 0).rewind());
        return at - directory;
    }

    /** The size of the zip. */
    public long size() {
        return at;
    }

    /** How many bytes of bodies were sent. */
    public long sent() {
        return sent.get();
    }

    public void forget() {
        sent.set(0);
    }

    /** Serves the zip as a good host does, under that entity tag. */
    public FakeOrigin.Script host(@Nullable String etag) {
        return (call, out) -> {
            String ifRange = call.headers().get("if-range");
            boolean part = call.range() != null && (ifRange == null || ifRange.equals(etag));
            send(call, out, part, etag == null ? "X-None: 1" : "ETag: " + etag);
        };
    }

    /** Sends a range or the whole with a further header. */
    public void send(FakeOrigin.Call call, OutputStream out, boolean part, String header) throws IOException {
        long from = part ? call.from() : 0;
        long to = part ? call.to(size()) : size();
        FakeOrigin.head(
                out,
                part ? "206 Partial Content" : "200 OK",
                "Content-Length: " + (to - from),
                header,
                part ? "Content-Range: bytes " + from + "-" + (to - 1) + "/" + size() : "X-Whole: 1");
        copy(from, to, out);
    }

    private void copy(long from, long to, OutputStream out) throws IOException {
        byte[] block = new byte[1 << 16];
        for (long position = from; position < to; ) {
            ByteBuffer target = ByteBuffer.wrap(block, 0, (int) Math.min(block.length, to - position));
            int count = file.read(target, position);
            out.write(block, 0, count);
            sent.addAndGet(count);
            position += count;
        }
    }

    /** The whole zip in memory, for a small one. */
    public byte[] bytes() throws IOException {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        copy(0, size(), all);
        sent.addAndGet(-size());
        return all.toByteArray();
    }

    /** Bytes that do not compress. */
    public static byte[] noise(int length, long seed) {
        byte[] bytes = new byte[length];
        new java.util.Random(seed).nextBytes(bytes);
        return bytes;
    }

    private static byte[] deflate(byte[] content) {
        Deflater deflater = new Deflater(6, true);
        deflater.setInput(content);
        deflater.finish();
        byte[] packed = new byte[content.length + 1000];
        int length = deflater.deflate(packed);
        deflater.end();
        return java.util.Arrays.copyOf(packed, length);
    }

    private static ByteBuffer buffer(int length) {
        return ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    }

    private void write(java.nio.Buffer bytes) throws IOException {
        ByteBuffer source = (ByteBuffer) bytes;
        while (source.hasRemaining()) {
            at += file.write(source, at);
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }
}
