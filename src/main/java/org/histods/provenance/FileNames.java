package org.histods.provenance;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.histods.digest.FilePath;

/**
 * Finds listed files in a folder, also those whose names have another Unicode form (NFC or NFD) there, as after a copy through
 * macOS. Folders are read once, and only for names that are not found as they are listed. Safe for several threads.
 */
public final class FileNames {

    private final Path folder;
    private final Map<Path, Map<String, List<Path>>> read = new ConcurrentHashMap<>();

    /** The names in that folder and below. */
    public FileNames(Path folder) {
        this.folder = folder;
    }

    /** The path of the file; that of its listed name if it does not exist. */
    public Path of(FilePath path) {
        Path listed = folder.resolve(path.text());
        if (ascii(path.text()) || Files.exists(listed, LinkOption.NOFOLLOW_LINKS)) {
            return listed;
        }
        Path at = folder;
        for (String name : path.text().split("/", -1)) {
            Path next = at.resolve(name);
            if (!Files.exists(next, LinkOption.NOFOLLOW_LINKS)) {
                List<Path> same = read.computeIfAbsent(at, FileNames::names).getOrDefault(nfc(name), List.of());
                if (same.size() != 1) {
                    return listed;
                }
                next = same.get(0);
            }
            at = next;
        }
        return at;
    }

    /** Whether the file is there under a name in another Unicode form. */
    public boolean otherForm(FilePath path) {
        return !of(path).equals(folder.resolve(path.text()));
    }

    static String nfc(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    private static boolean ascii(String text) {
        return text.chars().allMatch(c -> c < 128);
    }

    /** The entries of a folder by the composed form of their names; none if it cannot be read. */
    private static Map<String, List<Path>> names(Path folder) {
        Map<String, List<Path>> names = new HashMap<>();
        try (Stream<Path> list = Files.list(folder)) {
            list.forEach(
                    entry -> names.computeIfAbsent(nfc(String.valueOf(entry.getFileName())), name -> new ArrayList<>())
                            .add(entry));
        } catch (IOException e) {
            return Map.of();
        }
        return names;
    }
}
