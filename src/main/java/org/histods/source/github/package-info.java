/** Repositories and releases of GitHub. */
@org.jspecify.annotations.NullMarked
package org.histods.source.github;
