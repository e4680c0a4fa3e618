package org.histods.cli.shell;

import java.net.URI;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import org.histods.fetch.FetchOrigin;
import org.histods.provenance.FetchResult;
import org.histods.text.Count;

/** Collects which files of a pull were transferred without encryption. Thread-safe. */
final class UnencryptedNotice {

    private final SortedSet<String> hosts = new TreeSet<>();
    private int files;
    private int unverified;

    synchronized void add(FetchResult fetch) {
        FetchOrigin origin = fetch.file().origin();
        boolean here = fetch.local() != null && origin.transferred() == 0;
        if (here || !Boolean.FALSE.equals(origin.encrypted())) {
            return;
        }
        files++;
        unverified += fetch.verifiedIndependently() ? 0 : 1;
        URI answered = origin.answered();
        URI url = answered == null ? origin.requested() : answered;
        hosts.add(url == null ? "" : String.valueOf(url.getHost()));
    }

    /** A sentence for the user; empty if everything was encrypted. */
    synchronized Optional<String> text() {
        if (files == 0) {
            return Optional.empty();
        }
        String transfer = Count.of(files, "file") + " transferred without encryption from " + String.join(", ", hosts);
        return Optional.of(
                unverified == 0
                        ? transfer + "; verified against published checksums"
                        : transfer + "; no published checksum was compared"
                                + (unverified == files ? "" : " for " + unverified + " of them")
                                + " to detect changes on the way");
    }
}
