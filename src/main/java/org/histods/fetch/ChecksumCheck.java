package org.histods.fetch;

import java.util.List;
import org.histods.source.RemoteFile.Stated;

/**
 * What was found out about fetched bytes. There is no value for bytes that did not match: those are a problem and never
 * become a fetched file.
 *
 * @param against the published checksums that were compared and are equal; empty where nobody published one that could
 *     be compared
 */
public record ChecksumCheck(List<Stated> against) {

    /** Nobody to compare with. */
    public static final ChecksumCheck COMPUTED = new ChecksumCheck(List.of());

    public ChecksumCheck {
        against = List.copyOf(against);
    }

    /** Whether at least one checksum that somebody else published was compared. */
    public boolean verified() {
        return !against.isEmpty();
    }

    /** {@code verified} or {@code computed}. */
    public String word() {
        return verified() ? "verified" : "computed";
    }

    /** Who published the checksum that was compared first; empty where none was. */
    public String by() {
        return against.isEmpty() ? "" : against.get(0).by();
    }
}
