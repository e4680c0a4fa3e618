/** Buckets of S3 and compatible servers. */
@org.jspecify.annotations.NullMarked
package org.histods.source.s3;
