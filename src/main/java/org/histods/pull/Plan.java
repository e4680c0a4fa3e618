package org.histods.pull;

import java.util.List;
import java.util.Optional;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.fetch.Candidate;
import org.histods.source.RemoteFile;
import org.jspecify.annotations.Nullable;

/**
 * What a pull will fetch.
 *
 * @param dataset the id
 * @param version the folder in the mirror, with the variant where it is not the preferred one
 * @param items what is fetched; empty if all that is wanted is there
 * @param there how many files of the mirror's bag stay as they are
 */
public record Plan(DatasetId dataset, DatasetVersion version, List<Item> items, long there) {

    /**
     * A remote file that is wanted.
     *
     * @param first where it is fetched first
     * @param part the part of the dataset that it belongs to
     * @param unpack whether it is unpacked
     * @param into the folder of the dataset that it unpacks into; empty for the top
     * @param role what the manifest calls it, null if nothing
     * @param whole whether all of it is wanted, or only the members that the selection names
     */
    public record Item(
            Candidate first,
            String part,
            boolean unpack,
            String into,
            @Nullable String role,
            boolean whole) {

        public RemoteFile file() {
            return first.file();
        }
    }

    public Plan {
        items = List.copyOf(items);
    }

    /** How many bytes are fetched; empty if a size is not known. */
    public Optional<Long> bytes() {
        long sum = 0;
        for (Item item : items) {
            Long bytes = item.file().bytes();
            if (bytes == null) {
                return Optional.empty();
            }
            sum += bytes;
        }
        return Optional.of(sum);
    }

    /** The sum of those sizes that are known. */
    public long knownBytes() {
        return items.stream()
                .mapToLong(i -> i.file().bytes() == null ? 0 : i.file().bytes())
                .sum();
    }
}
