package org.histods.demo;

import org.histods.dataset.DatasetId;

/**
 * A small generated dataset.
 *
 * @param id as in its manifest; starts with {@code demo-}
 * @param manifestText its manifest, as YAML; the checksums are those of the bytes that were drawn
 */
public record DemoDataset(DatasetId id, String manifestText) {}
