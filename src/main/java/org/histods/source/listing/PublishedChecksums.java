package org.histods.source.listing;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.digest.Checksum;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.text.Count;
import org.histods.transport.Request;
import org.histods.transport.Transport;

/** Adds the checksums in a source's checksum list to its files, as published by the list. */
public final class PublishedChecksums {

    /** A list of 100,000 files with long names has about 15 MB. */
    private static final int MAX_BYTES = 64 << 20;

    private static final int MAX_SHOWN = 20;

    private final String name;
    private final String folder;
    private final Map<String, List<Checksum>> checksums;

    private PublishedChecksums(String name, String folder, Map<String, List<Checksum>> checksums) {
        this.name = name;
        this.folder = folder;
        this.checksums = checksums;
    }

    /**
     * Fetches and reads the list.
     *
     * @param list the spec's checksum list: a path below the source's folder, or a URL
     * @param uri its URL
     */
    public static PublishedChecksums fetch(SourceSpec spec, String list, URI uri, Transport transport) throws Problem {
        String path = list.contains("://") ? "" : list;
        String name = list.substring(list.lastIndexOf('/') + 1);
        String subject = "checksum list " + list + " of " + spec.kind() + " source " + spec.record();
        byte[] text;
        try {
            text = transport.read(Request.get(uri).allowUnencrypted(), MAX_BYTES);
        } catch (Problem problem) {
            throw SourceProblems.about(subject, null, problem);
        }
        if (new String(text, 0, Math.min(text.length, 100), StandardCharsets.UTF_8)
                .strip()
                .startsWith("<")) {
            throw new Problem(Kind.NETWORK, subject + " cannot be read: " + uri + " returned a web page");
        }
        String folder = path.contains("/") ? path.substring(0, path.lastIndexOf('/') + 1) : "";
        return new PublishedChecksums(
                name, folder, ChecksumList.parse(text, name).checksums());
    }

    /** The files, with the list's checksums before those that they have. */
    public List<RemoteFile> addTo(List<RemoteFile> files) {
        List<RemoteFile> result = new ArrayList<>(files.size());
        for (RemoteFile file : files) {
            Set<Stated> stated = new LinkedHashSet<>();
            of(file.path().text()).forEach(checksum -> stated.add(new Stated(checksum, name)));
            stated.addAll(file.checksums());
            result.add(file.withChecksums(List.copyOf(stated)));
        }
        return result;
    }

    /**
     * Checks that every file of the list exists.
     *
     * @param listedPaths the paths of all files that the host lists
     * @throws Problem {@code UPSTREAM_CHANGED} if the list names files that the host does not have
     */
    void allIn(Set<String> listedPaths, String subject) throws Problem {
        List<String> missing = checksums.keySet().stream()
                .filter(path -> !listedPaths.contains(path) && !listedPaths.contains(folder + path))
                .toList();
        if (!missing.isEmpty()) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + " lacks " + missing.size() + " of the " + checksums.size() + " files that its " + name
                            + " lists: " + Count.shortened(missing, MAX_SHOWN),
                    "files were withdrawn or renamed at the host, or the list is of another version");
        }
    }

    /** A list's paths are relative to the source's folder, or to the folder of the list. */
    private List<Checksum> of(String path) {
        List<Checksum> found = checksums.get(path);
        if (found == null && !folder.isEmpty() && path.startsWith(folder)) {
            found = checksums.get(path.substring(folder.length()));
        }
        return found == null ? List.of() : found;
    }
}
