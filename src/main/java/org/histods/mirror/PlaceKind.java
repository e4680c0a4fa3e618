package org.histods.mirror;

import java.util.regex.Pattern;

/** The kinds of things in a mirror that histods makes and may delete again, each with where in the mirror it is. */
public enum PlaceKind {
    BAG("bag", "datasets/" + PlaceKind.NAME + "/" + PlaceKind.NAME),
    /** A bag that another one took the place of. */
    REPLACED_BAG("replaced bag", "datasets/" + PlaceKind.NAME + "/\\.[^/]+\\.replaced-" + PlaceKind.UUID),
    /** A bag in the making, or one that is being deleted. */
    STAGING("staging folder", "staging/" + PlaceKind.UUID),
    TRANSFER("transfer", "partial/" + PlaceKind.NAME + "/(idle|" + PlaceKind.UUID + ")"),
    INDEX("index", "index/" + PlaceKind.NAME + "/" + PlaceKind.NAME + "\\.idx(\\." + PlaceKind.UUID + "\\.tmp)?"),
    STAMPS("stamps", "stamps/" + PlaceKind.NAME + "/" + PlaceKind.NAME + "\\.tsv"),
    /** An original that was kept with {@code --keep-archives}, or that a person brought. */
    ARCHIVE("kept archive", "archives/sha256/([0-9a-f]{2})/\\1[0-9a-f]{62}");

    private static final String NAME = "[^/.][^/]*";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final String word;
    private final Pattern path;

    PlaceKind(String word, String path) {
        this.word = word;
        this.path = Pattern.compile(path);
    }

    /** What it is called, such as {@code staging folder}. */
    String word() {
        return word;
    }

    /**
     * Whether a path has the depth and the names of this kind.
     *
     * @param relative from the mirror's root, with {@code /}
     */
    boolean has(String relative) {
        return path.matcher(relative).matches();
    }
}
