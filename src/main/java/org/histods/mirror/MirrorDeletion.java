package org.histods.mirror;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Deletes in a mirror, and is the only class that does. It deletes what histods made there and refuses everything else:
 * a folder without a valid {@code mirror.json}; a path that things of its kind do not have, or that does not contain what
 * they contain; a link, or a path through a link. Nothing outside the mirror is ever deleted.
 */
final class MirrorDeletion {

    /** The tag files of every bag; one may be missing, so that a damaged bag can be removed. */
    private static final List<String> TAG_FILES =
            List.of("manifest-sha256.txt", "manifest.yaml", "origins.jsonl", "receipts");

    private final MirrorLayout layout;
    private final MirrorFormat format;
    private final FileOperations disk;
    private final OwnerProcess self;

    MirrorDeletion(MirrorLayout layout, MirrorFormat format, FileOperations disk, OwnerProcess self) {
        this.layout = layout;
        this.format = format;
        this.disk = disk;
        this.self = self;
    }

    /**
     * Deletes a place if it exists. A bag is moved into staging first, so that a half-deleted one never has its name.
     *
     * @throws Problem {@code USAGE} if the folder is not a mirror, or the place not of that kind: then nothing is changed
     */
    void delete(PlaceKind kind, Path place) throws IOException, Problem {
        delete(kind, place, () -> {});
    }

    /** The same; {@code each} runs after each deleted file. */
    void delete(PlaceKind kind, Path place, Runnable each) throws IOException, Problem {
        format.require();
        if (!exists(place)) {
            return;
        }
        switch (kind) {
            case BAG, REPLACED_BAG -> delete(PlaceKind.STAGING, moveToStaging(kind, place), each);
            case STAGING -> {
                refuse(kind, place);
                RecursiveDelete.folder(place, PartialClaims.OWNER, each);
            }
            case TRANSFER, INDEX, STAMPS, ARCHIVE -> {
                refuse(kind, place);
                RecursiveDelete.tree(place, each);
            }
        }
    }

    /**
     * Moves a bag into a new staging folder of this process. The {@code owner} of the folder names the process, so that
     * `histods gc` can delete the rest if this process does not.
     *
     * @return the staging folder
     * @throws Problem as {@link #delete}
     */
    Path moveToStaging(PlaceKind kind, Path bag) throws IOException, Problem {
        refuse(kind, bag);
        Path staging = newStaging();
        boolean moved = false;
        try {
            disk.move(bag, staging.resolve("bag"));
            moved = true;
        } finally {
            if (!moved) {
                RecursiveDelete.folder(staging, PartialClaims.OWNER, () -> {});
            }
        }
        return staging;
    }

    /** Makes a staging folder with its {@code owner}. */
    Path newStaging() throws IOException, Problem {
        Path staging = layout.inside(layout.newInStaging());
        disk.makeFolder(layout.staging());
        Files.createDirectory(staging);
        Path owner = staging.resolve(PartialClaims.OWNER);
        try {
            Files.writeString(owner, self.text());
        } catch (IOException e) {
            // On a full disk the owner may be empty: that marks the folder as ours, and a removal frees space.
            if (!file(owner)) {
                throw e;
            }
        }
        return staging;
    }

    /** @throws Problem {@code USAGE} if a place is not of that kind */
    void refuse(PlaceKind kind, Path place) throws Problem {
        format.require();
        String why = objection(kind, place).orElse(null);
        if (why != null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    place + " is not a " + kind.word() + " that histods made, and is left alone: " + why,
                    "check what it is; delete it by hand if it is not needed");
        }
    }

    /** Why a place is not of that kind; empty if it is. */
    Optional<String> objection(PlaceKind kind, Path place) {
        try {
            return Optional.ofNullable(mismatch(kind, place));
        } catch (IOException e) {
            return Optional.of(Problem.why(e));
        }
    }

    private @Nullable String mismatch(PlaceKind kind, Path place) throws IOException {
        Path root = layout.root().toAbsolutePath();
        Path parent = place.toAbsolutePath().getParent();
        if (parent == null || !parent.startsWith(root)) {
            return "it is not in the mirror " + root;
        }
        String relative = root.relativize(place.toAbsolutePath()).toString().replace(File.separatorChar, '/');
        if (!kind.has(relative)) {
            return "a " + kind.word() + " does not have such a path";
        }
        if (!parent.toRealPath().equals(root.toRealPath().resolve(root.relativize(parent)))) {
            return "a folder above it is a link";
        }
        if (Files.isSymbolicLink(place)) {
            return "it is a link";
        }
        return switch (kind) {
            case BAG, REPLACED_BAG -> bagMismatch(place);
            case STAGING -> stagingMismatch(place);
            case TRANSFER -> PartialTransfer.mismatch(place);
            case INDEX, STAMPS, ARCHIVE -> file(place) ? null : "it is not a file";
        };
    }

    private static @Nullable String bagMismatch(Path place) throws IOException {
        if (!file(place.resolve("bagit.txt"))) {
            return "it has no bagit.txt";
        }
        List<String> missing =
                TAG_FILES.stream().filter(name -> !exists(place.resolve(name))).toList();
        return missing.size() <= 1 ? null : "it has no " + String.join(" and no ", missing);
    }

    /** A process may have been killed before it wrote the owner: an empty folder is ours too. */
    private static @Nullable String stagingMismatch(Path place) throws IOException {
        if (file(place.resolve(PartialClaims.OWNER)) || PublishCompletion.pending(place)) {
            return null;
        }
        try (Stream<Path> list = Files.list(place)) {
            return list.findAny().isEmpty() ? null : "it has no file `" + PartialClaims.OWNER + "`";
        }
    }

    private static boolean exists(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean file(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
