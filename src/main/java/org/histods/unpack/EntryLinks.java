package org.histods.unpack;

import java.text.Normalizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.digest.FilePath;
import org.jspecify.annotations.Nullable;

/**
 * The hard and symbolic links of one archive. A link to a file of the same archive becomes a copy of it, wherever in the
 * archive the file is and whether it is unpacked itself. Other symbolic links that stay inside the archive are left out;
 * everything else is a fault.
 */
final class EntryLinks {

    private static final int MAX_TARGET = 4096;

    /**
     * A link.
     *
     * @param name its name in the archive
     * @param path where its copy is written; null if it is not wanted
     * @param target the name that it leads to, normalized; null if a symbolic link leads out of the archive
     */
    record Link(
            String name, @Nullable FilePath path, @Nullable String target, boolean symbolic) {}

    private final EntryValidator validator;
    private final Map<String, Link> byName = new LinkedHashMap<>();

    EntryLinks(EntryValidator validator) {
        this.validator = validator;
    }

    void addHard(String name, @Nullable FilePath path, String target) {
        byName.put(EntryValidator.normalize(name), new Link(name, path, EntryValidator.normalize(target), false));
    }

    void addSymbolic(String name, @Nullable FilePath path, String target) {
        byName.put(EntryValidator.normalize(name), new Link(name, path, resolve(name, target), true));
    }

    /** Forgets the link of that name: a file that comes later takes its place. */
    void remove(String name) {
        byName.remove(EntryValidator.normalize(name));
    }

    /**
     * The wanted links to files, by the normalized name of the file. Notes links that are left out, and faults.
     *
     * @param files normalized names of all files in the archive
     */
    Map<String, List<Link>> copies(Collection<String> files) {
        Map<String, List<Link>> copies = new LinkedHashMap<>();
        Map<String, String> composed = new HashMap<>();
        for (Link link : byName.values()) {
            if (link.path() == null) {
                continue;
            }
            String file = follow(link, files);
            if (file == null && link.target() != null) {
                if (composed.isEmpty()) {
                    files.forEach(name -> composed.put(nfc(name), name));
                }
                file = composed.get(nfc(link.target()));
            }
            if (file != null) {
                copies.computeIfAbsent(file, f -> new ArrayList<>()).add(link);
            } else if (!link.symbolic()) {
                validator.fault(
                        link.name(),
                        "it is a hard link to '" + FilePath.printable(String.valueOf(link.target()))
                                + "', which is not a file in the archive");
            } else if (link.target() == null) {
                validator.fault(link.name(), "it is a symbolic link that leads out of the archive");
            } else {
                validator.leaveOut(link.name());
            }
        }
        return copies;
    }

    /** The file that a link leads to, over other links; null if it leads to none. */
    private @Nullable String follow(Link link, Collection<String> files) {
        Set<String> passed = new HashSet<>();
        String target = link.target();
        while (target != null && !files.contains(target)) {
            Link next = byName.get(target);
            target = next == null || !passed.add(target) ? null : next.target();
        }
        return target;
    }

    /** Names are written in two Unicode forms, and one program may use both. */
    private static String nfc(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    /** What a symbolic link leads to; null if that is outside of the archive. */
    private static @Nullable String resolve(String name, String target) {
        if (target.isEmpty() || target.length() > MAX_TARGET || EntryValidator.absolute(target)) {
            return null;
        }
        Deque<String> segments =
                new ArrayDeque<>(List.of(EntryValidator.normalize(name).split("/")));
        segments.removeLast();
        for (String segment : target.split("/")) {
            if (segment.equals("..")) {
                if (segments.pollLast() == null) {
                    return null;
                }
            } else if (!segment.isEmpty() && !segment.equals(".")) {
                segments.addLast(segment);
            }
        }
        return String.join("/", segments);
    }
}
