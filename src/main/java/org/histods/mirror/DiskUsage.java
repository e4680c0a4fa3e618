package org.histods.mirror;

/**
 * How much something is.
 *
 * @param files how many files
 * @param bytes how many bytes they hold
 */
public record DiskUsage(long files, long bytes) {}
