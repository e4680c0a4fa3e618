/** The rules of an audit: what makes a fact a finding. */
@org.jspecify.annotations.NullMarked
package org.histods.audit.rules;
