/** Buckets of Google Cloud Storage. */
@org.jspecify.annotations.NullMarked
package org.histods.source.gcs;
