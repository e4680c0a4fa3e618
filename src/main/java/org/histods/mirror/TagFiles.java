package org.histods.mirror;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The names of the files next to {@code data/} in a bag. */
public final class TagFiles {

    /** The folder of the receipts. */
    public static final String RECEIPTS = "receipts";

    /** Describes the bag for people. Bags that older versions made do not have it. */
    public static final String PREVIEW = "ro-crate-preview.html";

    /** The tag files of every bag (RFC 8493). */
    private static final List<String> BAGIT = List.of("bagit.txt", "bag-info.txt", "tagmanifest-sha256.txt");

    /** The further tag files of every bag of histods. */
    static final List<String> RECORD = List.of("manifest-sha256.txt", "manifest.yaml", "origins.jsonl", RECEIPTS);

    /** A bag of histods has at least one of these, however damaged it is. */
    static final List<String> SIGNS =
            Stream.concat(BAGIT.stream(), RECORD.stream()).toList();

    /** The files that histods writes, without the receipts. */
    public static final Set<String> FILES = Stream.concat(
                    SIGNS.stream().filter(name -> !name.equals(RECEIPTS)), Stream.of("ro-crate-metadata.json", PREVIEW))
            .collect(Collectors.toUnmodifiableSet());

    private TagFiles() {}
}
