package org.histods.pull.local;

import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.histods.digest.FilePath;
import org.histods.unpack.UnpackedFile;
import org.jspecify.annotations.Nullable;

/**
 * A file on this machine that becomes a file of the bag.
 *
 * @param path in the dataset
 * @param file where it is
 * @param checksums its checksums, SHA-256 among them
 * @param check what was compared, as {@link org.histods.provenance.LocalContent.Group#check}
 * @param executable whether it gets the executable bit
 * @param entry its name in the archive; null if it is from none, or that is unknown
 */
public record LocalCopy(
        FilePath path,
        LocalFile file,
        Map<Algorithm, Checksum> checksums,
        String check,
        boolean executable,
        @Nullable String entry) {

    /** The file as the bag has it. */
    public UnpackedFile unpacked() {
        return new UnpackedFile(path, file.bytes(), checksums, executable, entry);
    }
}
