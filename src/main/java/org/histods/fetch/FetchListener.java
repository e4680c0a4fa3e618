package org.histods.fetch;

/** Hears how a transfer goes on. Calls come from several threads and must return at once. */
public interface FetchListener {

    /** That many bytes arrived, or lay on the disk from an earlier run. */
    void bytes(long count, boolean overNetwork);

    /** Something that a person may want to know, such as a connection that broke and is taken up again. */
    void note(String text);
}
