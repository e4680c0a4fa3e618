package org.histods.catalogue;

import java.util.List;
import org.histods.dataset.DatasetId;
import org.jspecify.annotations.Nullable;

/**
 * A named list of datasets, such as those that a published benchmark uses: one file {@code manifests/groups/<id>.yaml}.
 *
 * @param id of the form of dataset ids, such as {@code patho-bench}
 * @param title for people
 * @param url where the benchmark is described; null if nowhere
 * @param evidence where the list of datasets is from; null for a group of one's own
 * @param datasets their ids, in the order of the file; not empty
 */
public record DatasetGroup(
        String id,
        String title,
        @Nullable String url,
        @Nullable String evidence,
        List<DatasetId> datasets) {

    public DatasetGroup {
        datasets = List.copyOf(datasets);
    }
}
