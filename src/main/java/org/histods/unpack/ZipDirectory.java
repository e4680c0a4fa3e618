package org.histods.unpack;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.stream.WindowedChannel;
import org.jspecify.annotations.Nullable;

/**
 * Reads the directory at the end of a zip and nothing else, because the local headers of a zip that is still being
 * downloaded may not have arrived.
 *
 * <p>It replaces the reader of Commons Compress, which keeps every extra field of every entry. Memory: some hundred
 * bytes for each entry, whatever its extra fields and comments hold.
 */
final class ZipDirectory {

    private static final int HEADER = 46;
    private static final int UNIX = 3;
    private static final int DARWIN = 19;
    private static final int PIPE = 0010000;
    /** Hosts whose file names cannot hold a backslash: FAT, HPFS, NTFS, VFAT (APPNOTE 4.4.2.2). */
    private static final Set<Integer> BACKSLASH_SEPARATES = Set.of(0, 6, 10, 14);

    private static final int DOS_FOLDER = 0x10;
    private static final int UTF8_FLAG = 1 << 11;
    private static final int ZIP64_FIELD = 1;
    private static final int UNICODE_PATH_FIELD = 0x7075;
    /** Longer names are refused, so no more of them is kept. */
    private static final int MAX_NAME = 4 * FilePath.MAX_BYTES;

    private final ArchiveErrors errors;
    private final EntryNameDecoder names;
    private final long entryLimit;
    private long start;

    /** An entry whose name is not decoded yet. */
    private record Undecoded(ZipEntryRecord entry, byte[] name, boolean utf8, boolean backslashSeparates) {}

    ZipDirectory(ArchiveErrors errors, EntryNameDecoder names, long entryLimit) {
        this.errors = errors;
        this.names = names;
        this.entryLimit = entryLimit;
    }

    /**
     * All entries in the order of the directory; their names are decoded and not validated.
     *
     * @param archive told where the directory is before it is read
     */
    List<ZipEntryRecord> read(WindowedChannel channel, ArchiveSource archive) throws Problem {
        Optional<ZipEndRecord> end = errors.read(null, () -> ZipEndRecord.find(channel));
        if (end.isEmpty()) {
            throw errors.reading(null, new ZipException("it has no directory at its end, so its end is missing"));
        }
        if (end.get().disk() > 0) {
            throw SplitArchives.lastOfZip(errors.archive(), end.get().disk());
        }
        Deque<Undecoded> entries = new ArrayDeque<>();
        long claimed = 0;
        start = end.get().start();
        errors.read(null, () -> {
            archive.willRead(() -> List.of(new long[] {start, end.get().end()}));
            return true;
        });
        long at = start;
        while (at < end.get().end()) {
            if (entries.size() >= entryLimit) {
                throw errors.refused(null, "it has more than " + entryLimit + " entries, which is the limit");
            }
            long from = at;
            Undecoded entry = errors.read(null, () -> entry(channel, from, end.get()));
            at = channel.position();
            entries.add(entry);
            // Saves reading millions of entries that can only overlap.
            claimed += entry.entry().headerBytes() + Math.max(0, entry.entry().packed());
            if (claimed < 0 || claimed > end.get().start()) {
                throw errors.refused(
                        FilePath.printable(new String(entry.name(), StandardCharsets.ISO_8859_1)),
                        "its bytes overlap those of other entries, or are beyond the end of the archive");
            }
        }
        long stated = end.get().entries();
        if (at > end.get().end() || stated != (end.get().zip64() ? entries.size() : entries.size() & 0xffff)) {
            throw errors.reading(
                    null, new ZipException("its directory states " + stated + " entries and holds " + entries.size()));
        }
        return decode(entries);
    }

    /** Where the directory starts, once it is read. */
    long start() {
        return start;
    }

    /** The entry whose header is at {@code at}; the channel is behind it afterwards. */
    private static Undecoded entry(WindowedChannel channel, long at, ZipEndRecord end) throws IOException {
        ByteBuffer header = ZipEndRecord.at(channel, at, HEADER);
        if (header.getInt(0) != ZipEndRecord.ENTRY) {
            throw new ZipException("its directory is damaged");
        }
        byte[] name =
                ZipEndRecord.at(channel, at + HEADER, unsigned(header, 28)).array();
        ByteBuffer extra = ZipEndRecord.at(channel, at + HEADER + name.length, unsigned(header, 30));
        channel.position(at + HEADER + name.length + extra.capacity() + unsigned(header, 32));

        int host = header.get(5) & 0xff;
        int flags = unsigned(header, 8);
        int method = unsigned(header, 10);
        long[] sizes = sizes(header, field(extra, ZIP64_FIELD));
        int attributes = header.getInt(38);
        int mode = host == UNIX || host == DARWIN ? attributes >>> 16 : 0;
        boolean folder = (name.length > 0 && name[name.length - 1] == '/')
                || (sizes[0] == 0 && mode == 0 && (attributes & DOS_FOLDER) != 0);
        ZipEntryRecord record = new ZipEntryRecord(
                new RawEntry("", type(mode, folder), sizes[0]),
                sizes[2] + end.shift(),
                ZipEntryRecord.LOCAL_HEADER + name.length,
                sizes[1],
                method,
                header.getInt(16) & 0xffffffffL,
                RawEntry.executable(mode),
                ZipEntryReader.blocker(method, flags));
        byte[] unicode = unicodeName(field(extra, UNICODE_PATH_FIELD), name);
        byte[] kept = unicode == null ? name : unicode;
        return new Undecoded(
                record,
                kept.length > MAX_NAME ? Arrays.copyOf(kept, MAX_NAME) : kept,
                unicode != null || (flags & UTF8_FLAG) != 0,
                BACKSLASH_SEPARATES.contains(host));
    }

    /** Info-ZIP marks what it has read from a pipe, as with {@code zip -}, as a pipe; it is a file. */
    private static RawEntry.Type type(int mode, boolean folder) {
        return (mode & RawEntry.TYPE_BITS) == PIPE ? RawEntry.Type.FILE : RawEntry.type(mode, folder);
    }

    /** Unpacked size, packed size and offset, from the zip64 field where they are too large for the header. */
    private static long[] sizes(ByteBuffer header, @Nullable ByteBuffer zip64) throws ZipException {
        long[] sizes = {
            header.getInt(24) & 0xffffffffL, header.getInt(20) & 0xffffffffL, header.getInt(42) & 0xffffffffL
        };
        for (int i = 0; i < sizes.length; i++) {
            if (sizes[i] == 0xffffffffL && zip64 != null && zip64.remaining() >= 8) {
                sizes[i] = zip64.getLong();
            }
            if (sizes[i] < 0) {
                throw new ZipException("its directory is damaged");
            }
        }
        return sizes;
    }

    /** The extra field of that id; null if there is none. */
    private static @Nullable ByteBuffer field(ByteBuffer extra, int id) {
        for (int at = 0; at + 4 <= extra.capacity(); at += 4 + unsigned(extra, at + 2)) {
            int length = unsigned(extra, at + 2);
            if (unsigned(extra, at) == id && at + 4 + length <= extra.capacity()) {
                return extra.slice(at + 4, length).order(ByteOrder.LITTLE_ENDIAN);
            }
        }
        return null;
    }

    /** The UTF-8 name in the field of Info-ZIP (APPNOTE 4.6.9); null if there is none, or it was made for another name. */
    private static byte @Nullable [] unicodeName(@Nullable ByteBuffer field, byte[] name) {
        if (field == null || field.remaining() < 5 || field.get(0) != 1) {
            return null;
        }
        CRC32 crc = new CRC32();
        crc.update(name);
        if ((field.getInt(1) & 0xffffffffL) != crc.getValue()) {
            return null;
        }
        byte[] unicode = new byte[field.remaining() - 5];
        field.position(5).get(unicode);
        return unicode;
    }

    private static int unsigned(ByteBuffer buffer, int at) {
        return buffer.getShort(at) & 0xffff;
    }

    /** Empties the entries while their names are decoded: there may be a million. */
    private List<ZipEntryRecord> decode(Deque<Undecoded> undecoded) throws Problem {
        EntryNameDecoder decoder = names.forAll(
                undecoded.stream().filter(e -> !e.utf8()).map(Undecoded::name).toList());
        List<ZipEntryRecord> entries = new ArrayList<>(undecoded.size());
        for (Undecoded one = undecoded.poll(); one != null; one = undecoded.poll()) {
            String name = decoder.read(one.name(), one.utf8());
            if (name == null) {
                throw errors.reading(
                        null,
                        new ZipException(
                                "an entry name is not in the charset that unpack.charset in the manifest names"));
            }
            entries.add(one.entry().withName(one.backslashSeparates() ? name.replace('\\', '/') : name));
        }
        if (EntryNameDecoder.windowsSeparators(
                entries.stream().map(e -> e.entry().name()))) {
            entries.replaceAll(e -> e.withName(e.entry().name().replace('\\', '/')));
        }
        return entries;
    }

    /** Entries that share bytes let a small zip unpack to any size; no program makes them for another reason. */
    static void faultOverlaps(List<ZipEntryRecord> entries, long size, EntryValidator validator) {
        List<ZipEntryRecord> inOrder = new ArrayList<>(entries);
        inOrder.sort(Comparator.comparingLong(ZipEntryRecord::offset));
        ZipEntryRecord before = null;
        for (ZipEntryRecord entry : inOrder) {
            if (before != null && entry.offset() < before.end()) {
                validator.fault(
                        entry.entry().name(),
                        "its bytes overlap those of '" + before.entry().name() + "'");
            } else if (entry.end() > size || entry.end() < 0 || entry.offset() < 0) {
                validator.fault(entry.entry().name(), "its bytes are beyond the end of the archive");
            }
            before = entry;
        }
    }
}
