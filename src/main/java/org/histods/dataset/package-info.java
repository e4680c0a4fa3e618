/** What a dataset is called: its id, its version, and how people type the two. */
@org.jspecify.annotations.NullMarked
package org.histods.dataset;
