/** Files that are on this computer already: of a folder to adopt, of the mirror, or downloaded by hand. */
@org.jspecify.annotations.NullMarked
package org.histods.pull.local;
