package org.histods.mirror;

import java.util.regex.Pattern;

/** The kinds of files and folders in a mirror that histods makes and may delete, each with the pattern of its path. */
public enum PlaceKind {
    BAG("bag", "datasets/" + PlaceKind.NAME + "/" + PlaceKind.NAME),
    /** A bag that was replaced by another one. */
    REPLACED_BAG("replaced bag", "datasets/" + PlaceKind.NAME + "/\\.[^/]+\\.replaced-" + PlaceKind.UUID),
    /** A finished share of a dataset that several nodes fetch. */
    SHARD("shard", "shards/" + PlaceKind.NAME + "/" + PlaceKind.NAME + "/[0-9a-f]{16}-[0-9]{1,4}/[0-9]{1,4}"),
    /** A bag that is being made or deleted. */
    STAGING("staging folder", "staging/" + PlaceKind.UUID),
    TRANSFER("transfer", "partial/" + PlaceKind.NAME + "/(idle|" + PlaceKind.UUID + ")"),
    INDEX("index", "index/" + PlaceKind.NAME + "/" + PlaceKind.NAME + "\\.idx(\\." + PlaceKind.UUID + "\\.tmp)?"),
    /** An index of another mirror's content that was imported. */
    SHARED_INDEX("imported index", "shared-index/([0-9a-f]{64}\\.(txt|idx)|incoming\\." + PlaceKind.UUID + "\\.tmp)"),
    STAMPS("stamps", "stamps/" + PlaceKind.NAME + "/" + PlaceKind.NAME + "\\.tsv(\\." + PlaceKind.UUID + "\\.tmp)?"),
    /** A small file of the mirror itself whose writing did not end. */
    UNFINISHED(
            "unfinished file",
            "(journal\\.head|mirror\\.json|CACHEDIR\\.TAG|locks/" + PlaceKind.NAME + ")\\." + PlaceKind.UUID
                    + "\\.tmp"),
    /** An archive that was kept with {@code --keep-archives}, or a local one. */
    ARCHIVE("kept archive", "archives/sha256/([0-9a-f]{2})/\\1[0-9a-f]{62}");

    private static final String NAME = "[^/.][^/]*";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final String word;
    private final Pattern path;

    PlaceKind(String word, String path) {
        this.word = word;
        this.path = Pattern.compile(path);
    }

    /** The name for messages, such as {@code a staging folder}. */
    String word() {
        return ("aeiou".indexOf(word.charAt(0)) < 0 ? "a " : "an ") + word;
    }

    /**
     * Whether a path has the form of this kind.
     *
     * @param relative from the mirror's root, with {@code /}
     */
    boolean has(String relative) {
        return path.matcher(relative).matches();
    }
}
