package org.histods.mirror;

/**
 * The disk usage of a folder.
 *
 * @param files how many files
 * @param bytes their total size in bytes
 */
public record DiskUsage(long files, long bytes) {}
