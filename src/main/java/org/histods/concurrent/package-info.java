/** Parallel work: tasks with an end that can be awaited, and file locks that never hang. */
@org.jspecify.annotations.NullMarked
package org.histods.concurrent;
