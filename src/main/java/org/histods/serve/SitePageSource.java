package org.histods.serve;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.histods.dataset.DatasetId;
import org.histods.provenance.Bag;

/** The pages about the catalogue, beside those that the server makes itself. */
public interface SitePageSource {

    /**
     * The page at a path such as {@code datasets/kather-2018.html}; empty if there is none.
     *
     * @param bags what the mirror has now of a dataset; read only if it is asked for
     */
    Optional<ServedPage> page(String path, Function<DatasetId, List<Bag>> bags);
}
