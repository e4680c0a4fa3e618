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
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Writes archives that no honest program writes. */
public final class HostileArchives {

    static final int FILE = 0100644;
    public static final int LINK = 0120777;
    public static final int PIPE = 0010644;
    public static final int DEVICE = 0020644;

    private static final int DIRECTORY_HEADER = 0x02014b50;
    private static final int CRC_AT = 16;
    private static final int SIZE_AT = 24;
    private static final int OFFSET_AT = 42;

    private HostileArchives() {}

    /** A zip of members with these names, each with its own name as content, after one honest member. */
    public static byte[] zip(String... names) throws IOException {
        return zip(FILE, names);
    }

    public static byte[] zip(int mode, String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (String name : names) {
                ZipArchiveEntry named = new Named(name, mode);
                byte[] content = name.getBytes(StandardCharsets.UTF_8);
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
        }
        return bytes.toByteArray();
    }

    private static final class Named extends ZipArchiveEntry {
        Named(String name, int mode) {
            super("x");
            // The platform first: on DOS the library would turn backslashes.
            setUnixMode(mode);
            setName(name);
        }
    }

    /** A zip of one member of so many zeros, deflated. */
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

    public static byte[] withSize(byte[] zip, int member, int size) {
        return patched(zip, member, SIZE_AT, size);
    }

    public static byte[] withCrc(byte[] zip, int member, int crc) {
        return patched(zip, member, CRC_AT, crc);
    }

    public static byte[] withOffset(byte[] zip, int member, int offset) {
        return patched(zip, member, OFFSET_AT, offset);
    }

    private static byte[] patched(byte[] zip, int member, int field, int value) {
        byte[] changed = zip.clone();
        ByteBuffer buffer = ByteBuffer.wrap(changed).order(ByteOrder.LITTLE_ENDIAN);
        int seen = -1;
        for (int at = 0; at < changed.length - 4; at++) {
            if (buffer.getInt(at) == DIRECTORY_HEADER && ++seen == member) {
                buffer.putInt(at + field, value);
                return changed;
            }
        }
        throw new IllegalArgumentException("no member " + member);
    }

    /** Builds a tar member by member. */
    public static final class Tar {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8");

        public Tar() {
            tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_GNU);
        }

        public Tar file(String name) throws IOException {
            return add(name, TarConstants.LF_NORMAL, "");
        }

        public Tar link(byte type, String name, String target) throws IOException {
            return add(name, type, target);
        }

        private Tar add(String name, byte type, String target) throws IOException {
            byte[] content = name.getBytes(StandardCharsets.UTF_8);
            TarArchiveEntry entry = new TarArchiveEntry(name, type, true);
            entry.setLinkName(target);
            entry.setSize(type == TarConstants.LF_NORMAL ? content.length : 0);
            tar.putArchiveEntry(entry);
            if (type == TarConstants.LF_NORMAL) {
                tar.write(content);
            }
            tar.closeArchiveEntry();
            return this;
        }

        /** A file whose name stands in an extended header, after a harmless one. */
        public Tar pax(String name) throws IOException {
            return header('x', record("path", name)).file("harmless.txt");
        }

        /** An extra header with that body. */
        public Tar header(char type, byte[] body) throws IOException {
            TarArchiveEntry entry = new TarArchiveEntry("header", (byte) type);
            entry.setSize(body.length);
            tar.putArchiveEntry(entry);
            tar.write(body);
            tar.closeArchiveEntry();
            return this;
        }

        public byte[] end() throws IOException {
            tar.close();
            return bytes.toByteArray();
        }
    }

    /** Changes the type of the first header of a tar, and its checksum with it. */
    public static void retype(byte[] tar, char type) {
        tar[156] = (byte) type;
        Arrays.fill(tar, 148, 156, (byte) ' ');
        int sum = 0;
        for (int i = 0; i < 512; i++) {
            sum += tar[i] & 0xff;
        }
        byte[] octal = String.format("%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(octal, 0, tar, 148, octal.length);
    }

    public static byte[] record(String key, String value) {
        int length = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8).length;
        int digits = String.valueOf(length + 1).length();
        digits = String.valueOf(length + digits).length();
        return ((length + digits) + " " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
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
