package org.histods.provenance.index;

/**
 * A position in a bag's record.
 *
 * @param receipt the number of a receipt, 0 for {@code manifest-sha256.txt}
 * @param offset the offset in bytes at which the line or the object starts
 */
record RecordLocation(int receipt, long offset) {

    /** How many bits the offset has in {@link #number}. */
    private static final int SHIFT = 44;

    static RecordLocation of(long number) {
        return new RecordLocation((int) (number >>> SHIFT), number & ((1L << SHIFT) - 1));
    }

    /** Both in one number; numbers are ordered by receipt, then by offset. */
    long number() {
        return ((long) receipt << SHIFT) | offset;
    }
}
