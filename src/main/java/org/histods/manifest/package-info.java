/** Manifests: what a dataset is, where to get it, under which terms; reading, writing, checking. */
@org.jspecify.annotations.NullMarked
package org.histods.manifest;
