/** Which datasets a project used, under which terms, what they share, and what changed since the lock; the reports. */
@org.jspecify.annotations.NullMarked
package org.histods.audit;
