package org.histods.testing;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Writes archives that no honest program writes. */
public final class HostileArchives {

    static final int FILE = 0100644;
    public static final int LINK = 0120777;
    public static final int PIPE = 0010644;
    public static final int SOCKET = 0140644;
    public static final int DEVICE = 0020644;

    private static final int DIRECTORY_HEADER = 0x02014b50;
    private static final int CRC_AT = 16;
    private static final int SIZE_AT = 24;
    private static final int OFFSET_AT = 42;

    private HostileArchives() {}

    /** A zip of entries with these names, each with its own name as content. */
    public static byte[] zip(String... names) throws IOException {
        return zip(FILE, names);
    }

    public static byte[] zip(int mode, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (String name : names) {
                add(zip, mode, name, name);
            }
        }
        return bytes.toByteArray();
    }

    /** A zip of one file and a symbolic link. */
    public static byte[] zipWithLink(String file, String link, String target) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            add(zip, LINK, link, target);
            add(zip, FILE, file, file);
        }
        return bytes.toByteArray();
    }

    /** A zip of a file {@code big} of so many bytes, and so many symbolic links to it. */
    public static byte[] zipWithLinks(int size, int links) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            add(zip, FILE, "big", "x".repeat(size));
            for (int i = 0; i < links; i++) {
                add(zip, LINK, "link" + i, "big");
            }
        }
        return bytes.toByteArray();
    }

    private static void add(ZipArchiveOutputStream zip, int mode, String name, String text) throws IOException {
        ZipArchiveEntry named = new Named(name, mode);
        byte[] content = text.getBytes(StandardCharsets.UTF_8);
        CRC32 crc = new CRC32();
        crc.update(content);
        named.setMethod(ZipMethod.STORED.getCode());
        named.setSize(content.length);
        named.setCompressedSize(content.length);
        named.setCrc(crc.getValue());
        zip.putArchiveEntry(named);
        zip.write(content);
        zip.closeArchiveEntry();
    }

    private static final class Named extends ZipArchiveEntry {
        Named(String name, int mode) {
            super("x");
            // The platform first: on DOS the library would turn backslashes.
            setUnixMode(mode);
            setName(name);
        }
    }

    /** A zip of one entry of so many zeros, deflated. */
    public static byte[] zeros(String name, int count) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            zip.putArchiveEntry(new ZipArchiveEntry(name));
            byte[] block = new byte[1 << 16];
            for (int left = count; left > 0; left -= block.length) {
                zip.write(block, 0, Math.min(left, block.length));
            }
            zip.closeArchiveEntry();
        }
        return bytes.toByteArray();
    }

    public static byte[] withSize(byte[] zip, int entry, int size) {
        return patched(zip, entry, SIZE_AT, size);
    }

    public static byte[] withCrc(byte[] zip, int entry, int crc) {
        return patched(zip, entry, CRC_AT, crc);
    }

    public static byte[] withOffset(byte[] zip, int entry, int offset) {
        return patched(zip, entry, OFFSET_AT, offset);
    }

    private static byte[] patched(byte[] zip, int entry, int field, int value) {
        byte[] changed = zip.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int seen = -1;
        for (int at = 0; at < changed.length - 4; at++) {
            if (buffer.getInt(at) == DIRECTORY_HEADER && ++seen == entry) {
                buffer.putInt(at + field, value);
                return changed;
            }
        }
        throw new IllegalArgumentException("no entry " + entry);
    }

    /** A zip of so many empty files, whose directory has an extra field of so many bytes for each. */
    public static byte[] zipWithExtraFields(int entries, int bytes) {
        return zipByHand(entries, bytes, true);
    }

    /** A zip of so many entries that all have the bytes of the first. */
    public static byte[] zipOfOverlaps(int entries) {
        return zipByHand(entries, 0, false);
    }

    private static byte[] zipByHand(int entries, int extra, boolean apart) {
        int name = 8;
        int locals = apart ? entries : 1;
        int directory = entries * (46 + name + extra);
        ByteBuffer zip =
                ByteBuffer.allocate(locals * (30 + name) + directory + 22 + 76).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < locals; i++) {
            zip.putInt(0x04034b50).put(new byte[22]).putShort((short) name).putShort((short) 0);
            zip.put(name(i));
        }
        int start = zip.position();
        for (int i = 0; i < entries; i++) {
            int at = zip.position();
            zip.putInt(DIRECTORY_HEADER).position(at + 28);
            zip.putShort((short) name).putShort((short) extra).position(at + OFFSET_AT);
            zip.putInt(apart ? i * (30 + name) : 0).put(name(i));
            if (extra > 0) {
                zip.putShort((short) 0x9999).putShort((short) (extra - 4)).position(zip.position() + extra - 4);
            }
        }
        int end = zip.position();
        zip.putInt(0x06064b50).putLong(44).position(end + 24);
        zip.putLong(entries).putLong(entries).putLong(directory).putLong(start);
        zip.putInt(0x07064b50).putInt(0).putLong(end).putInt(1);
        zip.putInt(0x06054b50).position(zip.position() + 4);
        zip.putShort((short) -1).putShort((short) -1).putInt(-1).putInt(-1).putShort((short) 0);
        return zip.array();
    }

    private static byte[] name(int i) {
        return String.format("f%07d", i).getBytes(StandardCharsets.US_ASCII);
    }

    public static byte[] sevenZ(int attributes, String... names) throws IOException {
        SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
        try (SevenZOutputFile archive = new SevenZOutputFile(channel)) {
            for (String name : names) {
                SevenZArchiveEntry entry = new SevenZArchiveEntry();
                entry.setName(name);
                entry.setHasWindowsAttributes(true);
                entry.setWindowsAttributes(attributes);
                archive.putArchiveEntry(entry);
                archive.write(name.getBytes(StandardCharsets.UTF_8));
                archive.closeArchiveEntry();
            }
        }
        return Arrays.copyOf(channel.array(), Math.toIntExact(channel.size()));
    }
}
