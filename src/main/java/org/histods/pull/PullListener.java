package org.histods.pull;

import org.histods.fetch.FetchListener;
import org.histods.problem.Problem;
import org.histods.provenance.FetchResult;

/** Follows the progress of a pull. Calls come from several threads and must return at once. */
public interface PullListener extends FetchListener {

    /**
     * Called with the plan, before anything is fetched.
     *
     * @throws Problem to fetch nothing
     */
    void planned(PullPlan plan) throws Problem;

    /** Called when a file is complete and correct. */
    void fetched(FetchResult fetch);

    /** Ignores everything. */
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
