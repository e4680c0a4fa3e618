package org.histods.mirror;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Deletes in a mirror; no other class does. It deletes only what histods made, and refuses everything else:
 * folders without a valid {@code mirror.json}, paths or contents that do not match the kind, links, and paths that lead
 * through a link. Nothing outside the mirror is ever deleted.
 */
final class MirrorDeletion {

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
     * Deletes a path; does nothing if it does not exist. A bag is first moved into staging, so that an incomplete bag
     * never has its name.
     *
     * @throws Problem {@code USAGE} if the folder is not a mirror, or the path is not of that kind; nothing is deleted
     *     then
     */
    void delete(PlaceKind kind, Path place) throws IOException, Problem {
        delete(kind, place, () -> {});
    }

    /** The same; {@code each} is run after each deleted file. */
    void delete(PlaceKind kind, Path place, Runnable each) throws IOException, Problem {
        format.require();
        if (!there(place)) {
            return;
        }
        switch (kind) {
            case BAG, REPLACED_BAG, SHARD -> delete(PlaceKind.STAGING, moveToStaging(kind, place), each);
            case STAGING -> {
                refuse(kind, place);
                RecursiveDelete.folder(place, PartialClaims.OWNER, each);
            }
            case TRANSFER, INDEX, SHARED_INDEX, STAMPS, UNFINISHED, ARCHIVE -> {
                refuse(kind, place);
                RecursiveDelete.tree(place, each);
            }
        }
    }

    /**
     * Moves a bag into a new staging folder of this process, whose {@code owner} file names it, so that `histods gc`
     * can delete the rest if this process does not.
     *
     * @return the staging folder
     * @throws Problem as {@link #delete}
     */
    Path moveToStaging(PlaceKind kind, Path bag) throws IOException, Problem {
        refuse(kind, bag);
        Path staging = newStaging();
        boolean moved = false;
        try {
            disk.move(bag, staging.resolve(Staging.REMOVED));
            moved = true;
        } finally {
            if (!moved) {
                RecursiveDelete.folder(staging, PartialClaims.OWNER, () -> {});
            }
        }
        return staging;
    }

    /** Deletes the removed bag in a staging folder, but not its other notes. */
    void deleteRemoved(Path staging, Runnable each) throws IOException, Problem {
        refuse(PlaceKind.STAGING, staging);
        RecursiveDelete.tree(staging.resolve(Staging.REMOVED), each);
    }

    /** Makes a staging folder that has an owner from the start. */
    Path newStaging() throws IOException, Problem {
        Path staging = layout.inside(layout.newInStaging());
        disk.makeFolder(layout.staging());
        Files.createDirectory(staging);
        FileOperations.share(staging);
        own(staging);
        return staging;
    }

    /** Makes this process the owner of a staging folder. */
    void own(Path staging) throws IOException {
        Path owner = staging.resolve(PartialClaims.OWNER);
        try {
            // Never into an existing file, which may be a link.
            Files.writeString(owner, self.text(), StandardOpenOption.CREATE_NEW);
            FileOperations.share(owner);
        } catch (IOException e) {
            // On a full disk, there may be space for the name only: that is enough as a mark, and a removal frees
            // space.
            if (!file(owner)) {
                throw e;
            }
        }
    }

    /** @throws Problem {@code USAGE} if the path is not of that kind */
    void refuse(PlaceKind kind, Path place) throws Problem {
        format.require();
        requireKind(kind, place);
    }

    /** The same in a folder that may not be a mirror yet. */
    void requireKind(PlaceKind kind, Path place) throws Problem {
        String why = objection(kind, place).orElse(null);
        if (why != null) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    place + " is not " + kind.word() + " that histods made, and is left alone: " + why,
                    "check its content; if it is not needed, delete it yourself");
        }
    }

    /** Why the path is not of that kind; empty if it is. */
    Optional<String> objection(PlaceKind kind, Path place) {
        try {
            return Optional.ofNullable(fault(kind, place));
        } catch (IOException e) {
            return Optional.of(Problem.why(e));
        }
    }

    private @Nullable String fault(PlaceKind kind, Path place) throws IOException {
        Path root = layout.root().toAbsolutePath();
        Path parent = place.toAbsolutePath().getParent();
        if (parent == null || !parent.startsWith(root)) {
            return "it is not in the mirror " + root;
        }
        String relative = root.relativize(place.toAbsolutePath()).toString().replace(File.separatorChar, '/');
        if (!kind.has(relative)) {
            return "that is no name of " + kind.word();
        }
        if (!parent.toRealPath().equals(root.toRealPath().resolve(root.relativize(parent)))) {
            return "a folder above it is a link";
        }
        if (Files.isSymbolicLink(place)) {
            return "it is a link";
        }
        for (Path mount : disk.mountPoints(parent)) {
            if (mount.startsWith(place.toAbsolutePath())) {
                return mount + " is a mount point";
            }
        }
        return switch (kind) {
            case BAG, REPLACED_BAG, SHARD -> bagFault(place);
            case STAGING -> stagingFault(place);
            case TRANSFER -> PartialTransfer.fault(place);
            case INDEX, SHARED_INDEX, STAMPS, UNFINISHED, ARCHIVE -> file(place) ? null : "it is not a file";
        };
    }

    private static @Nullable String bagFault(Path place) throws IOException {
        if (!file(place.resolve("bagit.txt"))) {
            return "it has no bagit.txt";
        }
        // One may be missing, so that damaged bags can be removed.
        List<String> missing = TagFiles.RECORD.stream()
                .filter(name -> !there(place.resolve(name)))
                .toList();
        return missing.size() <= 1 ? null : "it has no " + String.join(" and no ", missing);
    }

    /** A process may have been killed between making the folder and writing its owner: an empty one belongs to histods, too. */
    private static @Nullable String stagingFault(Path place) throws IOException {
        if (file(place.resolve(PartialClaims.OWNER)) || PublishCompletion.pending(place)) {
            return null;
        }
        try (Stream<Path> list = Files.list(place)) {
            return list.findAny().isEmpty() ? null : "it has no file `" + PartialClaims.OWNER + "`";
        }
    }

    private static boolean there(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static boolean file(Path path) {
        return Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS);
    }
}
