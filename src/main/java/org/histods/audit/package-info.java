/** Audits a project: which datasets it used, under which terms, what they share, what changed since the lock; reports. */
@org.jspecify.annotations.NullMarked
package org.histods.audit;
