package org.histods.mirror;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.UUID;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Checksum;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** Builds all paths in a mirror's folder. Each is checked by {@link #inside} before something is written or deleted there. */
record MirrorLayout(Path root) {

    /** The names of all folders at the top of a mirror. */
    static final Set<String> FOLDERS =
            Set.of("datasets", "stamps", "index", "shared-index", "archives", "partial", "shards", "staging", "locks");

    Path datasets() {
        return root.resolve("datasets");
    }

    /** All versions of one dataset. */
    Path dataset(DatasetId id) {
        return datasets().resolve(id.text());
    }

    Path bag(DatasetId id, DatasetVersion version) {
        return dataset(id).resolve(version.text());
    }

    Path stamps() {
        return root.resolve("stamps");
    }

    /** The stamps of a bag; those of a share are in its folder, and deleted with it. */
    Path stamps(BagRef bag) {
        return bag.path().startsWith(shards()) ? bag.path().resolve("stamps.tsv") : stamps(bag.id(), bag.version());
    }

    Path stamps(DatasetId id, DatasetVersion version) {
        return stamps().resolve(id.text()).resolve(version + ".tsv");
    }

    Path indexes() {
        return root.resolve("index");
    }

    Path index(DatasetId id, DatasetVersion version) {
        return indexes().resolve(id.text()).resolve(version + ".idx");
    }

    /** Indexes that were imported. */
    Path sharedIndexes() {
        return root.resolve("shared-index");
    }

    Path archives() {
        return root.resolve("archives").resolve("sha256");
    }

    Path archive(Checksum sha256) {
        return archives().resolve(sha256.hex().substring(0, 2)).resolve(sha256.hex());
    }

    Path partials() {
        return root.resolve("partial");
    }

    Path staging() {
        return root.resolve("staging");
    }

    /** Finished shares of datasets that several nodes fetch. */
    Path shards() {
        return root.resolve("shards");
    }

    Path shards(DatasetId id, DatasetVersion version) {
        return shards().resolve(id.text()).resolve(version.text());
    }

    Path shards(ShardSet set) {
        return shards(set.id(), set.version()).resolve(set.folder());
    }

    /** A new unique path in staging. */
    Path newInStaging() {
        return staging().resolve(UUID.randomUUID().toString());
    }

    Path journal() {
        return root.resolve("journal.jsonl");
    }

    /** The SHA-256 of the journal's last line. */
    Path journalHead() {
        return root.resolve("journal.head");
    }

    /** The file that says who appends to the journal right now. */
    Path journalTurn() {
        return locks().resolve("journal.turn");
    }

    Path projects() {
        return root.resolve("projects.txt");
    }

    Path locks() {
        return root.resolve("locks");
    }

    /**
     * The same path, after checking that no link leads out of the mirror: the mirror's folder may be a link, but nothing
     * between it and the path. The path need not exist.
     *
     * @throws Problem {@code DISK} if the path or a folder above it is a link
     * @throws IllegalArgumentException if the path is not below the mirror's folder, which is a bug
     */
    Path inside(Path place) throws Problem {
        Path link = firstLink(place);
        if (link != null) {
            throw new Problem(
                    Problem.Kind.DISK,
                    link + " is a link, and histods writes and deletes only in the folder of the mirror itself",
                    "replace the link by a folder, or delete it");
        }
        return place;
    }

    /** Whether {@link #inside} accepts a path. */
    boolean holds(Path place) {
        return firstLink(place) == null;
    }

    private @Nullable Path firstLink(Path place) {
        if (!place.startsWith(root) || place.equals(root)) {
            throw new IllegalArgumentException(place + " is not below the mirror " + root);
        }
        Path step = root;
        for (Path name : place.subpath(root.getNameCount(), place.getNameCount())) {
            if (name.toString().equals("..")) {
                throw new IllegalArgumentException(place + " leads out of the mirror " + root);
            }
            step = step.resolve(name);
            if (Files.isSymbolicLink(step)) {
                return step;
            }
        }
        return null;
    }
}
