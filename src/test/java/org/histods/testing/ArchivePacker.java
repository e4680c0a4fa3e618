package org.histods.testing;

import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.sevenz.SevenZArchiveEntry;
import org.apache.commons.compress.archivers.sevenz.SevenZMethod;
import org.apache.commons.compress.archivers.sevenz.SevenZOutputFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.Zip64Mode;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.archivers.zip.ZipMethod;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;
import org.histods.unpack.ArchiveKind;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** All archive formats that the archive contract is tested with. */
public enum ArchivePacker {
    ZIP("a.zip", ArchiveKind.ZIP),
    ZIP_STORED("a.zip", ArchiveKind.ZIP),
    ZIP64("a.zip", ArchiveKind.ZIP),
    ZIP_STREAMED("a.zip", ArchiveKind.ZIP),
    ZIP_BZIP2("a.zip", ArchiveKind.ZIP),
    ZIP_XZ("a.zip", ArchiveKind.ZIP),
    ZIP_ZSTD("a.zip", ArchiveKind.ZIP),
    TAR("a.tar", ArchiveKind.TAR),
    TAR_PAX("a.tar", ArchiveKind.TAR),
    TAR_GZ("a.tar.gz", ArchiveKind.TAR_GZ),
    TAR_BZ2("a.tbz2", ArchiveKind.TAR_BZ2),
    TAR_XZ("a.txz", ArchiveKind.TAR_XZ),
    TAR_ZST("a.tar.zst", ArchiveKind.TAR_ZST),
    SEVEN_Z("a.7z", ArchiveKind.SEVEN_Z),
    SEVEN_Z_DEFLATE("a.7z", ArchiveKind.SEVEN_Z);

    private final String fileName;
    private final ArchiveKind kind;

    ArchivePacker(String fileName, ArchiveKind kind) {
        this.fileName = fileName;
        this.kind = kind;
    }

    public String fileName() {
        return fileName;
    }

    public ArchiveKind kind() {
        return kind;
    }

    public byte[] pack(List<ArchiveSpecimen> files) throws IOException {
        return switch (this) {
            case ZIP, ZIP_STORED, ZIP64, ZIP_STREAMED -> zip(files);
            case ZIP_BZIP2, ZIP_XZ, ZIP_ZSTD -> zipOfPacked(files);
            case SEVEN_Z, SEVEN_Z_DEFLATE -> sevenZ(files);
            default -> packed(tar(files));
        };
    }

    private byte[] zip(List<ArchiveSpecimen> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        // A seekable one patches its headers; a stream writes data descriptors.
        SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
        try (ZipArchiveOutputStream zip =
                this == ZIP_STREAMED ? new ZipArchiveOutputStream(bytes) : new ZipArchiveOutputStream(channel)) {
            zip.setUseZip64(this == ZIP64 ? Zip64Mode.Always : Zip64Mode.AsNeeded);
            for (ArchiveSpecimen file : files) {
                ZipArchiveEntry entry = new ZipArchiveEntry(file.path());
                entry.setUnixMode(file.executable() ? 0100755 : 0100644);
                entry.setMethod(this == ZIP_STORED ? ZipMethod.STORED.getCode() : ZipMethod.DEFLATED.getCode());
                zip.putArchiveEntry(entry);
                zip.write(file.content());
                zip.closeArchiveEntry();
            }
        }
        return this == ZIP_STREAMED
                ? bytes.toByteArray()
                : java.util.Arrays.copyOf(channel.array(), Math.toIntExact(channel.size()));
    }

    private byte[] zipOfPacked(List<ArchiveSpecimen> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(bytes)) {
            for (ArchiveSpecimen file : files) {
                byte[] packed = packed(file.content());
                ZipArchiveEntry entry = new ZipArchiveEntry(file.path());
                CRC32 crc = new CRC32();
                crc.update(file.content());
                entry.setMethod(
                        switch (this) {
                            case ZIP_BZIP2 -> ZipMethod.BZIP2.getCode();
                            case ZIP_XZ -> ZipMethod.XZ.getCode();
                            default -> ZipMethod.ZSTD.getCode();
                        });
                entry.setUnixMode(file.executable() ? 0100755 : 0100644);
                entry.setCrc(crc.getValue());
                entry.setSize(file.content().length);
                entry.setCompressedSize(packed.length);
                zip.addRawArchiveEntry(entry, new ByteArrayInputStream(packed));
            }
        }
        return bytes.toByteArray();
    }

    private byte[] tar(List<ArchiveSpecimen> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
            tar.setLongFileMode(
                    this == TAR_PAX ? TarArchiveOutputStream.LONGFILE_POSIX : TarArchiveOutputStream.LONGFILE_GNU);
            tar.setAddPaxHeadersForNonAsciiNames(this == TAR_PAX);
            for (ArchiveSpecimen file : files) {
                TarArchiveEntry entry = new TarArchiveEntry(file.path());
                entry.setSize(file.content().length);
                entry.setMode(file.executable() ? 0100755 : 0100644);
                tar.putArchiveEntry(entry);
                tar.write(file.content());
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    private byte[] packed(byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = switch (this) {
            case TAR_GZ -> new GzipCompressorOutputStream(bytes);
            case TAR_BZ2, ZIP_BZIP2 -> new BZip2CompressorOutputStream(bytes, 1);
            case TAR_XZ, ZIP_XZ -> new XZOutputStream(bytes, new LZMA2Options(0));
            case TAR_ZST, ZIP_ZSTD -> new ZstdOutputStream(bytes);
            default -> bytes;
        }) {
            out.write(plain);
        }
        return bytes.toByteArray();
    }

    private byte[] sevenZ(List<ArchiveSpecimen> files) throws IOException {
        SeekableInMemoryByteChannel channel = new SeekableInMemoryByteChannel();
        try (SevenZOutputFile archive = new SevenZOutputFile(channel)) {
            archive.setContentCompression(this == SEVEN_Z ? SevenZMethod.LZMA2 : SevenZMethod.DEFLATE);
            for (ArchiveSpecimen file : files) {
                SevenZArchiveEntry entry = new SevenZArchiveEntry();
                entry.setName(file.path());
                entry.setHasWindowsAttributes(true);
                entry.setWindowsAttributes(0x8000 | (file.executable() ? 0100755 : 0100644) << 16);
                archive.putArchiveEntry(entry);
                archive.write(file.content());
                archive.closeArchiveEntry();
            }
        }
        return java.util.Arrays.copyOf(channel.array(), Math.toIntExact(channel.size()));
    }
}
