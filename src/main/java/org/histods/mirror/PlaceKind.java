package org.histods.mirror;

import java.util.regex.Pattern;

/** The kinds of things in a mirror that histods makes and may delete again, each with where in the mirror it is. */
public enum MirrorPlace {
    BAG("bag", "datasets/" + MirrorPlace.NAME + "/" + MirrorPlace.NAME),
    /** A bag that another one took the place of. */
    REPLACED_BAG("replaced bag", "datasets/" + MirrorPlace.NAME + "/\\.[^/]+\\.replaced-" + MirrorPlace.UUID),
    /** A bag in the making, or one that is being deleted. */
    STAGING("staging folder", "staging/" + MirrorPlace.UUID),
    TRANSFER("transfer", "partial/" + MirrorPlace.NAME + "/(idle|" + MirrorPlace.UUID + ")"),
    INDEX("index", "index/" + MirrorPlace.NAME + "/" + MirrorPlace.NAME + "\\.idx(\\." + MirrorPlace.UUID + "\\.tmp)?"),
    STAMPS("stamps", "stamps/" + MirrorPlace.NAME + "/" + MirrorPlace.NAME + "\\.tsv"),
    /** An original that was kept with {@code --keep-archives}, or that a person brought. */
    ARCHIVE("kept archive", "archives/sha256/([0-9a-f]{2})/\\1[0-9a-f]{62}");

    private static final String NAME = "[^/.][^/]*";
    private static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";

    private final String word;
    private final Pattern path;

    MirrorPlace(String word, String path) {
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
