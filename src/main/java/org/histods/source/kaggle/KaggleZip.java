package org.histods.source.kaggle;

import java.io.FilterInputStream;
import java.io.IOException;
import java.net.URI;
import java.util.Locale;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RemoteFile;
import org.histods.transport.Response;

/**
 * Kaggle stores some files, mostly tables, in a zip archive with one entry, and sends that instead of the file: a request
 * for {@code big.csv} redirects to {@code …/big.csv.zip}.
 */
final class KaggleZip {

    private KaggleZip() {}

    /** Whether the response is such an archive: its name is the requested one with {@code .zip} added. */
    static boolean wraps(Response response, URI requested) {
        String wanted = last(requested);
        return !response.via().isEmpty()
                && !wanted.isEmpty()
                && last(response.uri()).equals(wanted + ".zip");
    }

    private static String last(URI uri) {
        String path = uri.getPath() == null ? "" : uri.getPath();
        return path.substring(path.lastIndexOf('/') + 1).toLowerCase(Locale.ROOT);
    }

    /** The bytes of the entry; its size is unknown. */
    static Response unwrapped(RemoteFile file, Response response) throws Problem {
        try {
            ZipInputStream zip = new ZipInputStream(response.body());
            ZipEntry entry = zip.getNextEntry();
            if (entry == null) {
                throw new ZipException("it is empty");
            }
            return response.withDecodedBody(new SingleEntry(zip));
        } catch (IOException e) {
            close(file, response);
            throw new Problem(
                    Kind.WRONG_BYTES,
                    file.path() + ": " + response.uri() + " is not a zip archive of that file: " + e.getMessage(),
                    "try again; if this persists, download the file in a browser and pass it with --from",
                    e);
        }
    }

    static void close(RemoteFile file, Response response) throws Problem {
        try {
            response.close();
        } catch (IOException e) {
            throw new Problem(Kind.NETWORK, file.path() + " was interrupted: " + e.getMessage(), "try again", e);
        }
    }

    /** Ends after the first entry, and fails if there is a second: then the archive is not a wrapped file. */
    private static final class SingleEntry extends FilterInputStream {
        private boolean ended;

        SingleEntry(ZipInputStream zip) {
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
                    throw new ZipException("the archive contains more than one file");
                }
            }
            return count;
        }
    }
}
