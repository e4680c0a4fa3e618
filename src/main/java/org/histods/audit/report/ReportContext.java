package org.histods.audit;

import org.histods.manifest.Lineages;

/**
 * What reports tell beside the audit itself.
 *
 * @param lineages of the whole catalogue
 * @param version of the histods that made the audit
 */
public record Setting(Lineages lineages, String version) {}
