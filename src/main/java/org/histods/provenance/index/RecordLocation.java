package org.histods.provenance.index;

/**
 * Where in a bag's record something stands.
 *
 * @param receipt the number of a receipt, 0 for {@code manifest-sha256.txt}
 * @param offset the byte at which the line or the object begins
 */
record RecordLocation(int receipt, long offset) {

    private static final int SHIFT = 44;

    static RecordLocation of(long number) {
        return new RecordLocation((int) (number >>> SHIFT), number & ((1L << SHIFT) - 1));
    }

    /** As one number that sorts as the two do. */
    long number() {
        return ((long) receipt << SHIFT) | offset;
    }
}
