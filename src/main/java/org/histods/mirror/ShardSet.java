package org.histods.mirror;

import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;

/**
 * The shards of a dataset that several nodes fetch. Each is kept in the mirror like a bag until all of them are
 * finished.
 *
 * @param id of the dataset
 * @param version of the dataset, with the variant if it is not the preferred one
 * @param plan 16 hex digits that stand for everything that the shards depend on
 * @param count into how many shards the dataset is divided
 */
public record ShardSet(DatasetId id, DatasetVersion version, String plan, int count) {

    /** The name of its folder. */
    String folder() {
        return plan + "-" + count;
    }
}
