package org.histods.source.kaggle;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.transport.Response;

/**
 * Kaggle keeps some single files, mostly tables, in a zip archive of one member, and sends that in place of the file:
 * {@code big.csv} was asked for and {@code …/big.csv.zip} is where the redirect leads.
 */
final class KaggleZip {

    private KaggleZip() {}

    /** Whether the answer is the file that was asked for, wrapped: its name has {@code .zip} at the end in addition. */
    static boolean wraps(Response answer, URI asked) {
        String wanted = last(asked);
        return !answer.via().isEmpty()
                && !wanted.isEmpty()
                && last(answer.uri()).equals(wanted + ".zip");
    }

    private static String last(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    /** The member's bytes from the first; its size is not known beforehand. */
    static Response unwrapped(RemoteFile file, Response answer) throws Problem {
        try {
            ZipInputStream zip = new ZipInputStream(answer.body());
            ZipEntry entry = zip.getNextEntry();
            if (entry == null) {
                throw new ZipException("it holds nothing");
            }
            return answer.withDecodedBody(new OnlyMember(zip));
        } catch (IOException e) {
            close(file, answer);
            throw new Problem(
                    Kind.WRONG_BYTES,
                    file.path() + ": " + answer.uri() + " should be a zip archive of that file: " + e.getMessage(),
                    "try again; if it stays so, download the file in a browser and bring it with --from",
                    List.of(),
                    e);
        }
    }

    static void close(RemoteFile file, Response answer) throws Problem {
        try {
            answer.close();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, file.path() + " broke off: " + e.getMessage(), "try again", List.of(), e);
        }
    }

    /** Ends with the first member, and fails if there is a second: then the archive is something else. */
    private static final class OnlyMember extends FilterInputStream {
        private boolean ended;

        OnlyMember(ZipInputStream zip) {
            super(zip);
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int count = in.read(buffer, offset, length);
            if (count < 0 && length > 0 && !ended) {
                ended = true;
                if (((ZipInputStream) in).getNextEntry() != null) {
                    throw new ZipException("the archive in place of the file holds more than one file");
                }
            }
            return count;
        }
    }
}
