package org.histods.unpack;

import java.io.InputStream;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Writes the files of an archive that is read from front to back, and copies for its links. If a link leads to a file
 * that is not itself selected, the archive is read again for that file.
 */
final class SequentialOutput {

    private final EntryWriter writer;
    private final EntryLinks links;
    private final EntryValidator validator;
    private final Map<FilePath, UnpackedFile> unpacked = new LinkedHashMap<>();
    /** All files in the archive by normalized name; empty for one that was not unpacked. */
    private final Map<String, Optional<UnpackedFile>> files = new HashMap<>();
    /** Bytes of the files that were written, without the copies. */
    private long written;
    /** Bytes of the copies for links. */
    private long copied;

    SequentialOutput(EntryWriter writer, EntryLinks links, EntryValidator validator) {
        this.writer = writer;
        this.links = links;
        this.validator = validator;
    }

    /**
     * Writes a file, in place of an earlier one of the same path.
     *
     * @param path where to; null if it is not wanted
     */
    void write(InputStream content, RawEntry entry, @Nullable FilePath path, boolean executable) throws Problem {
        links.remove(entry.name());
        Optional<UnpackedFile> file =
                path == null ? Optional.empty() : write(content, path, entry.name(), entry.bytes(), executable);
        files.put(EntryValidator.normalize(entry.name()), file);
    }

    private Optional<UnpackedFile> write(
            InputStream content, FilePath path, String name, long bytes, boolean executable) throws Problem {
        writer.deleteIfWritten(unpacked.remove(path));
        Optional<UnpackedFile> file = writer.write(content, path, name, bytes, executable);
        if (file.isPresent()) {
            unpacked.put(path, file.get());
            written += file.get().bytes();
        }
        return file;
    }

    /**
     * Copies unpacked files to the places of links to them.
     *
     * @return links to files that were not unpacked, by the normalized name of the file, for {@link #writeTo}
     * @throws Problem WRONG_BYTES if a link leads out of the archive, or the links are copies of far too many bytes
     */
    Map<String, List<EntryLinks.Link>> copyLinks() throws Problem {
        Map<String, List<EntryLinks.Link>> copies = links.copies(files.keySet());
        validator.refuseIfFaulty();
        for (Map.Entry<String, List<EntryLinks.Link>> copy : copies.entrySet()) {
            Optional<UnpackedFile> original = files.getOrDefault(copy.getKey(), Optional.empty());
            copied += copy.getValue().size() * original.map(UnpackedFile::bytes).orElse(0L);
        }
        validator.refuseIfCopiesAreTooMany(copied, written);
        Map<String, List<EntryLinks.Link>> missing = new HashMap<>();
        for (Map.Entry<String, List<EntryLinks.Link>> copy : copies.entrySet()) {
            Optional<UnpackedFile> original = files.getOrDefault(copy.getKey(), Optional.empty());
            if (original.isPresent()) {
                copy(original.get(), copy.getValue());
            } else {
                missing.put(copy.getKey(), copy.getValue());
            }
        }
        return missing;
    }

    /**
     * Writes a file that is not wanted itself to the places of the links to it.
     *
     * @throws Problem WRONG_BYTES if the links are copies of far too many bytes
     */
    void writeTo(List<EntryLinks.Link> its, InputStream content, long bytes, boolean executable) throws Problem {
        EntryLinks.Link first = its.get(0);
        Optional<UnpackedFile> file =
                write(content, Objects.requireNonNull(first.path()), first.name(), bytes, executable);
        if (file.isPresent()) {
            List<EntryLinks.Link> others = its.subList(1, its.size());
            copied += others.size() * file.get().bytes();
            validator.refuseIfCopiesAreTooMany(copied, written);
            copy(file.get(), others);
        }
    }

    private void copy(UnpackedFile original, List<EntryLinks.Link> its) throws Problem {
        for (EntryLinks.Link link : its) {
            FilePath path = Objects.requireNonNull(link.path());
            if (!path.equals(original.path())) {
                writer.deleteIfWritten(unpacked.remove(path));
                unpacked.put(path, writer.copy(original, path, link.name()));
            }
        }
    }

    List<UnpackedFile> unpacked() {
        return List.copyOf(unpacked.values());
    }
}
