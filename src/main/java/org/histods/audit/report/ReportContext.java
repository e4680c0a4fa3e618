package org.histods.audit.report;

import org.histods.catalogue.LineageGraph;

/**
 * What reports need besides the audit.
 *
 * @param lineages of the whole catalogue
 * @param version of histods
 */
public record ReportContext(LineageGraph lineages, String version) {}
