/** Projects: {@code histods.yaml}, {@code histods.lock}, the record of runs, and citations. */
@org.jspecify.annotations.NullMarked
package org.histods.project;
