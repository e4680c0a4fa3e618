package org.histods.fetch;

/** Follows the progress of transfers. Calls come from several threads and must return at once. */
public interface FetchListener {

    /** Called when bytes arrived over the network, or were found on the disk from an earlier run. */
    void bytes(long count, boolean overNetwork);

    /**
     * The number of connections to large files that are fetched over several has changed.
     *
     * @param change 1 or -1
     */
    default void connections(int change) {}

    /** Reports something that the user may want to know, such as a broken connection that is resumed. */
    void note(String text);
}
