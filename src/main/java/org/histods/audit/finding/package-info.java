/** Findings of an audit: their rules, severities and results. */
@org.jspecify.annotations.NullMarked
package org.histods.audit.finding;
