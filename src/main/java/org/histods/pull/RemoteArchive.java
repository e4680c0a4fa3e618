package org.histods.pull;

import java.util.List;
import org.histods.digest.FilePath;
import org.histods.problem.Problem;
import org.histods.unpack.ZipContents;
import org.jspecify.annotations.Nullable;

/**
 * The contents of a zip at a host, according to its directory.
 *
 * @param path its path in the dataset
 * @param source the kind of source and the host
 * @param bytes its size; null if unknown
 * @param members its files, in their order; empty if they are unknown
 * @param unknown why the members are unknown, as the end of a sentence that begins with "because"; null if they are known
 * @param problem the problem because of which they are unknown; null if there is none, such as where a host does not
 *     support byte ranges
 */
public record RemoteArchive(
        FilePath path,
        String source,
        @Nullable Long bytes,
        List<ZipContents.Member> members,
        @Nullable String unknown,
        @Nullable Problem problem) {

    public RemoteArchive {
        members = List.copyOf(members);
    }
}
