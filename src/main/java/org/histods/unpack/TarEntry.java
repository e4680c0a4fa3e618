package org.histods.unpack;

/**
 * An entry of a tar: its header, and what the extra headers in front of it say.
 *
 * @param name where it unpacks to
 * @param linkTarget the entry that a link leads to; empty for others
 * @param type the type flag of the header: {@code '0'} for a file
 * @param mode the Unix mode; 0 where the header holds no number
 * @param bytes the size of its content, holes of a sparse file included
 */
@SuppressWarnings("ArrayRecordComponent") // never compared, and made for one decoding
record TarEntry(byte[] name, byte[] linkTarget, char type, int mode, long bytes) {}
