package org.histods.digest;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Recomputes the entity tag that S3 gives an object uploaded in parts: the MD5 of the parts' MD5s, a dash, and the
 * number of parts. The part size is not published, so the usual ones that give that number of parts are tried in
 * parallel, at most {@value #MAX_CANDIDATES} of them.
 */
final class MultipartEtag {

    private static final int MAX_CANDIDATES = 3;
    private static final long MIB = 1024L * 1024;

    /** In order of how often upload tools use them: the AWS command line, the console, boto3, rclone, s5cmd, others. */
    private static final long[] USUAL_MIB = {8, 16, 5, 50, 64, 100, 10, 15, 25, 32, 128, 256, 512, 20, 6, 7, 1024};

    private final String expected;
    private final List<Candidate> candidates = new ArrayList<>();

    MultipartEtag(Checksum etag, long length) {
        expected = etag.hex();
        int parts = Integer.parseInt(expected.substring(expected.indexOf('-') + 1));
        if (length <= 0) {
            return;
        }
        for (long size : USUAL_MIB) {
            long part = size * MIB;
            if ((length + part - 1) / part == parts && candidates.size() < MAX_CANDIDATES) {
                candidates.add(new Candidate(part));
            }
        }
    }

    void update(byte[] buffer, int offset, int count) {
        for (Candidate candidate : candidates) {
            candidate.update(buffer, offset, count);
        }
    }

    boolean matches() {
        boolean found = false;
        for (Candidate candidate : candidates) {
            found |= candidate.finish().equals(expected);
        }
        return found;
    }

    private static final class Candidate {
        private final long partSize;
        private final MessageDigest part = Hasher.digest("MD5");
        private final MessageDigest whole = Hasher.digest("MD5");
        private long inPart;
        private int parts;

        Candidate(long partSize) {
            this.partSize = partSize;
        }

        void update(byte[] buffer, int offset, int count) {
            int from = offset;
            int left = count;
            while (left > 0) {
                int step = (int) Math.min(left, partSize - inPart);
                part.update(buffer, from, step);
                inPart += step;
                from += step;
                left -= step;
                if (inPart == partSize) {
                    closePart();
                }
            }
        }

        private void closePart() {
            whole.update(part.digest());
            inPart = 0;
            parts++;
        }

        String finish() {
            if (inPart > 0) {
                closePart();
            }
            return HexFormat.of().formatHex(whole.digest()) + "-" + parts;
        }
    }
}
