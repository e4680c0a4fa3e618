package org.histods.objectstore;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.histods.digest.Checksum;
import org.histods.digest.Hasher;
import org.histods.problem.Problem;
import org.histods.provenance.ManifestLine;
import org.histods.pull.remote.RemoteBag;
import org.jspecify.annotations.Nullable;

/** Finds and deletes the files of an object store that no bag in it needs. */
public final class UnusedFiles {

    private static final String BAG = "/tagmanifest-sha256.txt";
    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");

    private final ObjectStore store;

    public UnusedFiles(ObjectStore store) {
        this.store = store;
    }

    /**
     * A file that no bag needs.
     *
     * @param url such as {@code s3://bucket/prefix/sha256/…}
     */
    public record Unused(String url, String key, long bytes) {}

    /**
     * The result of a search.
     *
     * @param bags how many bags there are
     * @param unused files that no bag needs and that were written long enough ago, in the order of their keys
     * @param recent how many files that no bag needs were written later: a push may be under way
     * @param state the bags at the time of the search, to notice later changes
     */
    public record Found(int bags, List<Unused> unused, long recent, List<String> state) {
        public Found {
            unused = List.copyOf(unused);
            state = List.copyOf(state);
        }
    }

    /**
     * Reads every bag and lists all files.
     *
     * @param before files that were written later are not listed
     * @throws Problem {@code WRONG_BYTES} if the record of a bag is damaged, so that nobody knows what it needs
     */
    public Found find(Instant before) throws Problem {
        List<ObjectStore.Listed> bags = bags();
        Needed needed = new Needed();
        for (ObjectStore.Listed bag : bags) {
            add(bag.key(), needed);
        }
        needed.sort();
        StoreLocation location = store.location();
        List<ObjectStore.Listed> lacking = new ArrayList<>();
        store.each(location.files(), object -> {
            String name = object.key().substring(location.files().length());
            if (SHA256.matcher(name).matches() && !needed.has(name)) {
                lacking.add(object);
            }
        });
        List<Unused> unused = lacking.stream()
                .filter(object -> object.written() != null && object.written().isBefore(before))
                .map(object -> new Unused(location.url(object.key()), object.key(), object.bytes()))
                .toList();
        return new Found(bags.size(), unused, lacking.size() - unused.size(), state(bags));
    }

    /**
     * Fails if a bag was pushed since the search.
     *
     * @throws Problem {@code BUSY}
     */
    public void requireUnchanged(Found found) throws Problem {
        if (!state(bags()).equals(found.state())) {
            throw new Problem(
                    Problem.Kind.BUSY,
                    "a dataset was pushed to " + store.location() + " meanwhile, which may need these files",
                    "run the same command again when nobody pushes");
        }
    }

    /** Deletes a file. */
    public void delete(Unused file) throws Problem {
        store.delete(file.key());
    }

    private static List<String> state(List<ObjectStore.Listed> bags) {
        return bags.stream().map(String::valueOf).toList();
    }

    private List<ObjectStore.Listed> bags() throws Problem {
        List<ObjectStore.Listed> bags = new ArrayList<>();
        store.each(store.location().bags(), object -> {
            if (object.key().endsWith(BAG)) {
                bags.add(object);
            }
        });
        return bags;
    }

    private void add(String bag, Needed needed) throws Problem {
        byte[] tags = store.read(bag, StoredMirror.MAX_TAG_MANIFEST)
                .map(ObjectStore.Content::bytes)
                .orElseThrow(() -> damaged(bag, "it is gone", null));
        try {
            Map<String, Checksum> files = ManifestLine.tagFiles(new String(tags, StandardCharsets.UTF_8));
            files.values().forEach(needed::add);
            Checksum manifest = files.get("manifest-sha256.txt");
            byte[] listed = manifest == null
                    ? new byte[0]
                    : store.read(store.location().file(manifest), RemoteBag.MAX_TAG_FILE)
                            .map(ObjectStore.Content::bytes)
                            .orElse(new byte[0]);
            if (!Hasher.sha256(listed).equals(manifest)) {
                throw damaged(bag, "its manifest-sha256.txt is missing or damaged", null);
            }
            try (Stream<String> lines = new String(listed, StandardCharsets.UTF_8).lines()) {
                lines.map(ManifestLine::parse).map(ManifestLine::sha256).forEach(needed::add);
            }
        } catch (IllegalArgumentException e) {
            throw damaged(bag, String.valueOf(e.getMessage()), e);
        }
    }

    private Problem damaged(String bag, String how, @Nullable Exception cause) {
        return new Problem(
                Problem.Kind.WRONG_BYTES,
                "which files the bag " + bag + " in " + store.location() + " needs is unknown: " + how,
                "push that dataset again, or delete this object, before looking for unused files",
                cause);
    }

    /**
     * A set of checksums that stores only their first 64 bits, since there may be millions. A checksum with the same first bits
     * counts as a member, so that at worst a file is kept.
     */
    private static final class Needed {
        private static final int BITS = 64 / 4;

        private long[] starts = new long[1024];
        private int count;

        void add(Checksum sha256) {
            if (count == starts.length) {
                starts = Arrays.copyOf(starts, count * 2);
            }
            starts[count++] = start(sha256.hex());
        }

        private static long start(String hex) {
            return Long.parseUnsignedLong(hex.substring(0, BITS), 16);
        }

        void sort() {
            Arrays.sort(starts, 0, count);
        }

        boolean has(String hex) {
            return Arrays.binarySearch(starts, 0, count, start(hex)) >= 0;
        }
    }
}
