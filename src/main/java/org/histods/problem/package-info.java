/** Problems that users can act on, sorted by who can act, and the exit codes. */
@org.jspecify.annotations.NullMarked
package org.histods.problem;
