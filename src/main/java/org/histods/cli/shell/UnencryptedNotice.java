package org.histods.cli.shell;

import java.net.URI;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.histods.provenance.FetchResult;
import org.histods.text.Count;

/** What of a pull came without encryption. For any thread. */
final class UnencryptedNotice {

    private final SortedSet<String> hosts = new TreeSet<>();
    private int files;
    private int unverified;

    synchronized void add(FetchResult fetch) {
        if (!Boolean.FALSE.equals(fetch.file().origin().encrypted())) {
            return;
        }
        files++;
        unverified += fetch.verified() ? 0 : 1;
        URI from = fetch.file().origin().answered();
        URI asked = from == null ? fetch.file().origin().requested() : from;
        hosts.add(asked == null ? "" : String.valueOf(asked.getHost()));
    }

    /** A sentence for the person; empty if all was encrypted. */
    synchronized Optional<String> told() {
        if (files == 0) {
            return Optional.empty();
        }
        String what = Count.of(files, "file") + " came without encryption, from " + String.join(", ", hosts);
        return Optional.of(
                unverified == 0
                        ? what + "; what came is what its publisher states a checksum of"
                        : what + "; nobody publishes a checksum"
                                + (unverified == files ? "" : " of " + unverified + " of them")
                                + ", so nobody can tell whether it was changed on the way");
    }
}
