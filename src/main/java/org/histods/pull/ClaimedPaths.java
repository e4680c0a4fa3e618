package org.histods.pull;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * The paths of all files of a bag under construction. Rejects two paths that would be the same file on a disk that
 * ignores case or Unicode form. Stores only a hash of each path, and a reference to the list it came from, so that a
 * million paths need little memory. Thread-safe.
 */
final class ClaimedPaths {

    private record Claim(List<FilePath> paths, String from) {}

    private final List<Claim> claims = new ArrayList<>();

    /** Open-addressing hash table of the folded paths' hashes; 0 is a free slot. */
    private long[] hashes = new long[64];

    private int count;

    /**
     * Adds paths.
     *
     * @param paths kept as it is, and not changed afterwards
     * @param from what they belong to, for messages
     * @throws Problem {@code WRONG_BYTES} if one of them was added before, in this form or another
     */
    synchronized void add(List<FilePath> paths, String from) throws Problem {
        for (int i = 0; i < paths.size(); i++) {
            String folded = PathConflicts.folded(paths.get(i).text());
            if (!add(hash(folded))) {
                refuse(paths.get(i), folded, from, new Claim(paths.subList(0, i), from));
            }
        }
        claims.add(new Claim(paths, from));
    }

    /** Rejects a path if an equal path exists, not only one with the same hash. */
    private void refuse(FilePath path, String folded, String from, Claim before) throws Problem {
        Claim other = null;
        FilePath twin = null;
        List<Claim> all = new ArrayList<>(claims);
        all.add(before);
        for (Claim claim : all) {
            FilePath found = find(claim, folded);
            if (found != null && (other == null || found.equals(path))) {
                other = claim;
                twin = found;
            }
        }
        if (other == null) {
            return;
        }
        throw new Problem(
                Problem.Kind.WRONG_BYTES,
                path.equals(twin)
                        ? other.from() + " and " + from + " both contain " + path
                        : path + " and " + twin + " differ only in upper and lower case, or in their form of Unicode",
                "give one of them its own folder in the manifest with `into`");
    }

    private static @Nullable FilePath find(Claim claim, String folded) {
        for (FilePath path : claim.paths()) {
            if (PathConflicts.folded(path.text()).equals(folded)) {
                return path;
            }
        }
        return null;
    }

    /** FNV-1a with 64 bits; never 0. */
    private static long hash(String text) {
        long hash = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash == 0 ? 1 : hash;
    }

    /** Adds a hash; returns whether it is new. */
    private boolean add(long hash) {
        if (2 * count >= hashes.length) {
            long[] old = hashes;
            hashes = new long[2 * old.length];
            Arrays.stream(old).filter(one -> one != 0).forEach(one -> hashes[place(one)] = one);
        }
        int place = place(hash);
        if (hashes[place] == hash) {
            return false;
        }
        hashes[place] = hash;
        count++;
        return true;
    }

    /** The slot of the hash, or the free slot where it belongs. */
    private int place(long hash) {
        // The upper bits depend on all characters.
        int place = (int) (hash >>> 33) & (hashes.length - 1);
        while (hashes[place] != 0 && hashes[place] != hash) {
            place = (place + 1) & (hashes.length - 1);
        }
        return place;
    }
}
