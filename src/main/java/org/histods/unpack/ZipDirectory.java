package org.histods.unpack;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipException;
import org.apache.commons.compress.archivers.zip.UnicodePathExtraField;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.histods.problem.Problem;
import org.histods.unpack.stream.WindowedChannel;

/**
 * Reads the directory of a zip, from its end and nothing else of it: the local headers of a zip that is still being
 * downloaded are not there yet. What it keeps of a member is a small part of what the library does, so that a
 * directory of a million members fits.
 */
final class ZipDirectory {

    private static final int UNIX = 3;
    private static final int DARWIN = 19;
    private static final int DOS_FOLDER = 0x10;

    private final ArchiveErrors diagnosis;
    private final EntryNameDecoder names;
    private final long memberLimit;

    ZipDirectory(ArchiveErrors diagnosis, EntryNameDecoder names, long memberLimit) {
        this.diagnosis = diagnosis;
        this.names = names;
        this.memberLimit = memberLimit;
    }

    /** All members in the order of the directory; their names are read and otherwise not judged. */
    List<ZipEntryRecord> read(WindowedChannel channel) throws Problem {
        Optional<ZipEndRecord> end = diagnosis.read(null, () -> ZipEndRecord.find(channel));
        if (end.isEmpty()) {
            throw diagnosis.reading(null, new ZipException("it has no directory at its end, so its end is missing"));
        }
        if (end.get().disk() > 0) {
            throw SplitArchives.lastOfZip(diagnosis.archive(), end.get().disk());
        }
        if (end.get().members() > memberLimit) {
            throw diagnosis.wrong(null, "it has more than " + memberLimit + " members, which is the limit");
        }
        return diagnosis.read(null, () -> {
            try (ZipFile zip = ZipFile.builder()
                    .setSeekableByteChannel(channel)
                    .setIgnoreLocalFileHeader(true)
                    .setUseUnicodeExtraFields(false)
                    .get()) {
                return members(Collections.list(zip.getEntries()));
            }
        });
    }

    private List<ZipEntryRecord> members(List<ZipArchiveEntry> entries) throws ZipException {
        EntryNameDecoder all = names.forAll(entries.stream()
                .filter(e -> !e.getGeneralPurposeBit().usesUTF8ForNames())
                .map(ZipArchiveEntry::getRawName)
                .toList());
        List<ZipEntryRecord> members = new ArrayList<>(entries.size());
        for (ZipArchiveEntry entry : entries) {
            members.add(member(entry, name(entry, all)));
        }
        if (EntryNameDecoder.windowsSeparators(
                members.stream().map(m -> m.entry().name()))) {
            members.replaceAll(m -> m.named(m.entry().name().replace('\\', '/')));
        }
        return members;
    }

    private static String name(ZipArchiveEntry entry, EntryNameDecoder names) throws ZipException {
        byte[] raw = entry.getRawName();
        if (entry.getExtraField(UnicodePathExtraField.UPATH_ID) instanceof UnicodePathExtraField stated) {
            CRC32 crc = new CRC32();
            crc.update(raw);
            byte[] unicode = stated.getUnicodeName();
            // It counts only for the name that it was made for (APPNOTE 4.6.9).
            if (stated.getNameCRC32() == crc.getValue() && unicode != null) {
                raw = unicode;
            }
        }
        String name = names.read(raw, entry.getGeneralPurposeBit().usesUTF8ForNames());
        if (name == null) {
            throw new ZipException("a member name is not in the charset that unpack.charset in the manifest names");
        }
        return name;
    }

    private static ZipEntryRecord member(ZipArchiveEntry entry, String name) {
        boolean unix = entry.getPlatform() == UNIX || entry.getPlatform() == DARWIN;
        int mode = unix ? (int) (entry.getExternalAttributes() >> 16) & 0xffff : 0;
        boolean folder = name.endsWith("/")
                || (entry.getSize() == 0 && mode == 0 && (entry.getExternalAttributes() & DOS_FOLDER) != 0);
        return new ZipEntryRecord(
                new RawEntry(name, RawEntry.type(mode, folder), entry.getSize()),
                entry.getLocalHeaderOffset(),
                ZipEntryRecord.LOCAL_HEADER + entry.getRawName().length,
                entry.getCompressedSize(),
                entry.getMethod(),
                entry.getCrc(),
                RawEntry.executable(mode),
                ZipEntryReader.blocker(entry));
    }

    /** Members that share bytes are how a small zip unpacks to any size; none of ours has a reason to. */
    static void faultOverlaps(List<ZipEntryRecord> members, long size, EntryValidator inspection) {
        List<ZipEntryRecord> inOrder = new ArrayList<>(members);
        inOrder.sort(Comparator.comparingLong(ZipEntryRecord::offset));
        ZipEntryRecord before = null;
        for (ZipEntryRecord member : inOrder) {
            if (before != null && member.offset() < before.end()) {
                inspection.fault(
                        member.entry().name(),
                        "its bytes overlap those of '" + before.entry().name() + "'");
            } else if (member.end() > size || member.end() < 0 || member.offset() < 0) {
                inspection.fault(member.entry().name(), "its bytes lie beyond the end of the archive");
            }
            before = member;
        }
    }
}
