package org.histods.pull;

import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;

/** Hears how a pull goes on. Calls come from several threads and must return at once. */
public interface PullListener {

    /**
     * What will be fetched, before anything is.
     *
     * @throws Problem if it should not be fetched
     */
    void planned(PullPlan plan) throws Problem;

    /** That many bytes arrived, or lay on the disk from an earlier run. */
    void bytes(long count, boolean overNetwork);

    /** A file is whole and right. */
    void fetched(FetchResult fetch);

    /** Something that a person may want to know. */
    void note(String text);

    /** Tells nobody. */
    static PullListener silent() {
        return new PullListener() {
            @Override
            public void planned(PullPlan plan) {}

            @Override
            public void bytes(long count, boolean overNetwork) {}

            @Override
            public void fetched(FetchResult fetch) {}

            @Override
            public void note(String text) {}
        };
    }
}
