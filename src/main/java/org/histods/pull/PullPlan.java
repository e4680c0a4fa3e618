package org.histods.pull;

import java.util.List;
import java.util.Objects;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.fetch.FetchCandidate;
import org.histods.manifest.PinnedFile;
import org.histods.provenance.FileSelection;
import org.histods.pull.local.LocalItem;
import org.histods.pull.remote.RemoteBag;
import org.histods.source.RemoteFile;
import org.histods.text.Size;
import org.histods.unpack.ArchiveKind;
import org.jspecify.annotations.Nullable;

/**
 * The plan of a pull: the items that it will fetch, and their sizes.
 *
 * @param dataset the id
 * @param version the folder in the mirror, with the variant if it is not the preferred one
 * @param items what is fetched; empty if everything is in the mirror
 * @param present how many files of the bag in the mirror stay as they are
 * @param size the size of what is fetched, as precisely as it is known
 * @param unpacked its size after unpacking, as far as the manifest states it
 * @param received how many of its bytes an earlier run left on the disk
 * @param adoption what of an offered folder is used; null if none is offered
 */
public record PullPlan(
        DatasetId dataset,
        DatasetVersion version,
        List<Item> items,
        long present,
        Size size,
        Size unpacked,
        long received,
        @Nullable AdoptionReport adoption) {

    /**
     * A remote file to fetch.
     *
     * @param first the place to try first
     * @param size its size, as precisely as it is known
     * @param part the part of the dataset that it belongs to
     * @param unpack whether it is unpacked
     * @param into the folder of the dataset to unpack into; empty for the top
     * @param role its role in the manifest, null if none
     * @param whole whether all of it is wanted, or only the members that the selection names
     * @param members the wanted members of a remote zip, if only they are fetched; else null
     * @param entirely why all of the archive is fetched although only some members are wanted; null if that is not so, or
     *     it is not known yet
     * @param local the files of it that are on this machine; null if none
     */
    public record Item(
            FetchCandidate first,
            Size size,
            String part,
            boolean unpack,
            String into,
            @Nullable String role,
            boolean whole,
            @Nullable WantedMembers members,
            @Nullable String entirely,
            @Nullable LocalItem local) {

        /** An item whose archive, if it is one, was not looked into. */
        Item(
                FetchCandidate first,
                Size size,
                String part,
                boolean unpack,
                String into,
                @Nullable String role,
                boolean whole) {
            this(first, size, part, unpack, into, role, whole, null, null, null);
        }

        /** The same, of which only these members are fetched. */
        Item with(WantedMembers wanted) {
            return new Item(first, Size.of(wanted.bytes()), part, unpack, into, role, whole, wanted, null, null);
        }

        /** The same, all of which is fetched for that reason, the end of a sentence that begins with "because". */
        Item entirely(String reason) {
            return new Item(first, size, part, unpack, into, role, whole, null, reason, null);
        }

        /**
         * The same, of which files are on this machine.
         *
         * @param rest the members of a zip that are fetched all the same; null if nothing is
         */
        Item with(LocalItem files, @Nullable WantedMembers rest) {
            Size left = rest == null ? Size.ZERO : Size.of(rest.bytes());
            return new Item(first, left, part, unpack, into, role, whole, rest, null, files);
        }

        /** The same from another place. */
        Item from(FetchCandidate place) {
            return new Item(place, size, part, unpack, into, role, whole, null, null, null);
        }

        /** @param pinned what the manifest pins of the file, null if nothing */
        static Item of(FetchCandidate first, String part, @Nullable PinnedFile pinned, boolean whole) {
            RemoteFile file = first.file();
            RemoteFile.Slice slice = file.slice();
            String folder = pinned != null && pinned.into() != null
                    ? pinned.into()
                    : file.path().parent();
            return new Item(
                    first,
                    file.bytes() == null && pinned != null ? pinned.stated() : Size.of(file.bytes()),
                    part,
                    slice != null
                            || (!(first.source() instanceof RemoteBag)
                                    && ArchiveKind.unpacks(
                                            pinned == null ? null : pinned.unpack(),
                                            file.path().name())),
                    slice == null ? folder : slice.into(),
                    pinned == null ? null : pinned.role(),
                    whole);
        }

        public RemoteFile file() {
            return first.file();
        }

        /** The dataset in the mirror that has its files, as {@code ID@VERSION}; null if they are fetched or a user's. */
        public @Nullable String inMirror() {
            return local == null || local.offered() ? null : local.from();
        }

        /** Whether some file that it is known to give is selected. */
        boolean holds(FileSelection selection) {
            if (local != null && local.copies().stream().anyMatch(copy -> selection.matches(copy.path()))) {
                return true;
            }
            return members == null
                    ? selection.whole(file())
                    : members.contents().members().stream().anyMatch(member -> selection.matches(member.path()))
                            || (!members.contents().members().isEmpty() && selection.whole(file()));
        }
    }

    public PullPlan {
        items = List.copyOf(items);
    }

    /**
     * How many bytes the pull writes at least. Archives stay until they are unpacked; other files are stored once, also
     * where the stated size after unpacking includes them.
     */
    public long atLeast() {
        long plain = items.stream()
                .filter(item -> !item.unpack())
                .mapToLong(item -> item.size().exactly().orElse(0L))
                .sum();
        // A rounded size must not reject a disk that is just large enough.
        long result = unpacked.exactly().orElse(unpacked.atLeast() / 10 * 9);
        return toFetch() + Math.max(0, result - plain) + memberBytes();
    }

    /** How many bytes are fetched at least. */
    long toFetch() {
        return Math.max(0, exactBytes() - received);
    }

    /** The plan with other items in the place of these. */
    PullPlan with(List<Item> others, Size sizeOfThem) {
        return new PullPlan(dataset, version, others, present, sizeOfThem, unpacked, received, adoption);
    }

    PullPlan with(AdoptionReport report) {
        return new PullPlan(dataset, version, items, present, size, unpacked, received, report);
    }

    /** The size of the members that are fetched without their archives, unpacked. */
    long memberBytes() {
        return items.stream()
                .map(Item::members)
                .filter(Objects::nonNull)
                .mapToLong(WantedMembers::unpackedBytes)
                .sum();
    }

    /** The sum of those sizes that are known exactly. */
    public long exactBytes() {
        return items.stream()
                .map(Item::size)
                .mapToLong(size -> size.exactly().orElse(0L))
                .sum();
    }
}
