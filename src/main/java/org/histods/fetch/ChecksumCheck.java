package org.histods.fetch;

import java.util.List;
import org.histods.source.RemoteFile.Stated;

/**
 * The result of comparing fetched bytes with published checksums. There is no value for a mismatch: that is a problem, and
 * the bytes never become a fetched file.
 *
 * @param against the published checksums that are equal; empty if none is published that can be compared
 */
public record ChecksumCheck(List<Stated> against) {

    /** Nothing is published to compare with. */
    public static final ChecksumCheck COMPUTED = new ChecksumCheck(List.of());

    public ChecksumCheck {
        against = List.copyOf(against);
    }

    /** Whether at least one published checksum was compared. */
    public boolean verified() {
        return !against.isEmpty();
    }

    /** Who published the checksum that was compared first; empty if none was. */
    public String by() {
        return against.isEmpty() ? "" : against.get(0).by();
    }
}
