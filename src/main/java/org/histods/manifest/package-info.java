/** The catalogue: what a dataset is, where it lies, under which terms; reading, validating, searching. */
@org.jspecify.annotations.NullMarked
package org.histods.manifest;
