package org.histods.source.figshare;

import java.net.URI;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.source.listing.PinnedFiles;
import org.jspecify.annotations.Nullable;

/**
 * An article or a collection at figshare.
 *
 * @param type {@code articles} or {@code collections}
 * @param version null for the newest
 */
record FigshareRecord(String type, String id, @Nullable String version) {

    private static final String API = "https://api.figshare.com/v2/";
    private static final Pattern RECORD =
            Pattern.compile("(articles|collections)/([0-9]{1,12})(?:/versions/([1-9][0-9]{0,3}))?");

    static FigshareRecord of(SourceSpec spec) throws Problem {
        Matcher form = RECORD.matcher(spec.record());
        if (!form.matches()) {
            throw PinnedFiles.fault(
                    spec,
                    "record",
                    "expected \"articles/7379186/versions/3\" or \"collections/4552445/versions/1\","
                            + " or nothing where each file has its id in at");
        }
        return new FigshareRecord(String.valueOf(form.group(1)), String.valueOf(form.group(2)), form.group(3));
    }

    static FigshareRecord article(String id) {
        return new FigshareRecord("articles", id, null);
    }

    boolean collection() {
        return type.equals("collections");
    }

    /** As in a manifest. */
    String text() {
        return type + "/" + id + (version == null ? "" : "/versions/" + version);
    }

    String subject() {
        return "figshare " + text();
    }

    /** The landing page. figshare accepts any text in place of the title. */
    String page() {
        return "https://figshare.com/" + type + "/_/" + id + (version == null ? "" : "/" + version);
    }

    URI api() {
        return URI.create(API + text());
    }

    /** A page of an article's files, counted from 1. */
    URI files(int page, int size) {
        return URI.create(api() + "/files?page=" + page + "&page_size=" + size);
    }

    /** A page of the articles of a collection; figshare lists them for the newest version only. */
    URI articles(int page, int size) {
        return URI.create(API + "collections/" + id + "/articles?page=" + page + "&page_size=" + size);
    }

    /**
     * The download URLs of a file: the API's, then the download host's. Never {@code figshare.com/ndownloader}, which
     * works only in browsers since 2025.
     */
    static List<URI> urls(String file) {
        return List.of(
                URI.create(API + "file/download/" + file),
                URI.create("https://ndownloader.figshare.com/files/" + file));
    }
}
