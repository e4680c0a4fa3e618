/** Reports of an audit: text, JSON, HTML, CycloneDX and references. */
@org.jspecify.annotations.NullMarked
package org.histods.audit.report;
