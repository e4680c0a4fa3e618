package org.histods.unpack;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The records {@code "<length> <key>=<value>\n"} of an extended tar header (POSIX.1-2001, pax). */
final class PaxRecords {

    private PaxRecords() {}

    /**
     * The value of the last record of that key, null if there is none.
     *
     * @throws IOException if the records are not well formed
     */
    static byte @Nullable [] find(byte[] records, String key) throws IOException {
        byte[] wanted = (key + "=").getBytes(StandardCharsets.UTF_8);
        byte[] found = null;
        int at = 0;
        while (at < records.length && records[at] != 0) {
            int space = at;
            int length = 0;
            while (space < records.length && records[space] != ' ' && space - at < 8) {
                length = length * 10 + records[space] - '0';
                space++;
            }
            int end = at + length;
            if (length <= space - at + 1 || end > records.length || records[end - 1] != '\n') {
                throw new IOException("an extended tar header is malformed");
            }
            int from = space + 1;
            if (from + wanted.length < end
                    && Arrays.equals(records, from, from + wanted.length, wanted, 0, wanted.length)) {
                found = Arrays.copyOfRange(records, from + wanted.length, end - 1);
            }
            at = end;
        }
        return found;
    }
}
