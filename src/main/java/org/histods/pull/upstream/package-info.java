/** What the hosts have now, compared with what a manifest says: changed files and newer versions. */
@org.jspecify.annotations.NullMarked
package org.histods.pull.upstream;
