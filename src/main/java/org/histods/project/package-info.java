/** What a project uses: {@code histods.yaml}, {@code histods.lock}, the record of its uses, and citations. */
@org.jspecify.annotations.NullMarked
package org.histods.project;
