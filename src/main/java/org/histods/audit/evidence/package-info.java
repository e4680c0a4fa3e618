/** Evidence of which datasets a project uses: code, files and copies. */
@org.jspecify.annotations.NullMarked
package org.histods.audit.evidence;
