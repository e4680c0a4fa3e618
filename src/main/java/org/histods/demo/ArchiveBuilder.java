package org.histods.demo;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Builds archives in memory whose bytes depend only on their content: no clock, no user, no time zone. */
final class ArchiveBuilder {

    private static final LocalDateTime TIMESTAMP = LocalDateTime.of(2025, 1, 1, 0, 0);
    private static final int BLOCK = 512;
    private static final int NAME_BYTES = 100;

    private ArchiveBuilder() {}

    static GeneratedFile zip(String path, List<GeneratedFile> files) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (GeneratedFile file : files) {
                ZipEntry entry = new ZipEntry(file.path());
                entry.setTimeLocal(TIMESTAMP);
                zip.putNextEntry(entry);
                zip.write(file.bytes());
                zip.closeEntry();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return GeneratedFile.of(path, bytes.toByteArray());
    }

    /**
     * A gzipped tar as {@code git archive} writes it: the commit in a global header, everything in one top folder.
     * The format is POSIX ustar.
     */
    static byte[] gitArchive(String commit, String top, List<GeneratedFile> files, long seconds) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
            byte[] comment = ("52 comment=" + commit + "\n").getBytes(StandardCharsets.UTF_8);
            entry(out, header("pax_global_header", 'g', 0666, comment.length, seconds), comment);
            for (String folder : folders(files)) {
                entry(out, header(top + "/" + folder, '5', 0775, 0, seconds), new byte[0]);
            }
            for (GeneratedFile file : files) {
                int mode = file.executable() ? 0775 : 0664;
                entry(out, header(top + "/" + file.path(), '0', mode, file.bytes().length, seconds), file.bytes());
            }
            out.write(new byte[2 * BLOCK]);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }

    /** The folders that contain the files, each with its slash; the top one, an empty text, first. */
    static SortedSet<String> folders(List<GeneratedFile> files) {
        SortedSet<String> folders = new TreeSet<>();
        folders.add("");
        for (GeneratedFile file : files) {
            for (int at = file.path().indexOf('/'); at >= 0; at = file.path().indexOf('/', at + 1)) {
                folders.add(file.path().substring(0, at + 1));
            }
        }
        return folders;
    }

    private static void entry(GZIPOutputStream out, byte[] header, byte[] content) throws IOException {
        out.write(header);
        out.write(content);
        out.write(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
    }

    private static byte[] header(String name, char type, int mode, long size, long seconds) {
        byte[] header = new byte[BLOCK];
        byte[] named = name.getBytes(StandardCharsets.UTF_8);
        if (named.length > NAME_BYTES) {
            throw new IllegalArgumentException("too long a name for a plain ustar header: " + name);
        }
        System.arraycopy(named, 0, header, 0, named.length);
        octal(header, 100, 8, mode);
        octal(header, 108, 8, 0);
        octal(header, 116, 8, 0);
        octal(header, 124, 12, size);
        octal(header, 136, 12, seconds);
        header[156] = (byte) type;
        put(header, 257, "ustar\00000");
        put(header, 265, "root");
        put(header, 297, "root");
        // The checksum is computed as if its own field held spaces.
        put(header, 148, "        ");
        int sum = 0;
        for (byte b : header) {
            sum += b & 0xff;
        }
        octal(header, 148, 7, sum);
        return header;
    }

    private static void octal(byte[] header, int at, int width, long value) {
        String digits = Long.toOctalString(value);
        put(header, at, "0".repeat(width - 1 - digits.length()) + digits + "\0");
    }

    private static void put(byte[] header, int at, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, header, at, bytes.length);
    }
}
