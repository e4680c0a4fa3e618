package org.histods.pull;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.fetch.FetchCandidate;
import org.histods.source.RemoteFile;
import org.histods.text.Size;
import org.jspecify.annotations.Nullable;

/**
 * What a pull will fetch.
 *
 * @param dataset the id
 * @param version the folder in the mirror, with the variant where it is not the preferred one
 * @param items what is fetched; empty if all that is wanted is there
 * @param there how many files of the mirror's bag stay as they are
 * @param size how much is fetched, as precisely as is known
 * @param unpacked how much disk that takes once it is unpacked, as far as the manifest says
 */
public record PullPlan(
        DatasetId dataset, DatasetVersion version, List<Item> items, long there, Size size, Size unpacked) {

    /**
     * A remote file that is wanted.
     *
     * @param first where it is fetched first
     * @param size how large it is, as precisely as is known
     * @param part the part of the dataset that it belongs to
     * @param unpack whether it is unpacked
     * @param into the folder of the dataset that it unpacks into; empty for the top
     * @param role what the manifest calls it, null if nothing
     * @param whole whether all of it is wanted, or only the members that the selection names
     */
    public record Item(
            FetchCandidate first,
            Size size,
            String part,
            boolean unpack,
            String into,
            @Nullable String role,
            boolean whole) {

        public RemoteFile file() {
            return first.file();
        }
    }

    public PullPlan {
        items = List.copyOf(items);
    }

    /** The sum of those sizes that are known exactly. */
    public long exactBytes() {
        return items.stream()
                .map(Item::size)
                .mapToLong(size -> size.exactly().orElse(0L))
                .sum();
    }
}
