package org.histods.audit.report;

import org.histods.catalogue.LineageGraph;

/**
 * What reports tell beside the audit itself.
 *
 * @param lineages of the whole catalogue
 * @param version of the histods that made the audit
 */
public record ReportContext(LineageGraph lineages, String version) {}
