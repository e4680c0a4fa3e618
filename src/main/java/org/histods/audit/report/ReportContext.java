package org.histods.audit.report;

import org.histods.catalogue.LineageGraph;

/**
 * The data that reports need besides the audit itself.
 *
 * @param lineages of the whole catalogue
 * @param version of histods
 * @param within the project's folder from the root of its git work tree, such as {@code papers/nuclei/}; empty if it is the
 *     root, or not in a work tree
 */
public record ReportContext(LineageGraph lineages, String version, String within) {}
