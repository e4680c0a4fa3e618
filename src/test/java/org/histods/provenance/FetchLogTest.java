package org.histods.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.histods.digest.Algorithm;
import org.histods.digest.FilePath;
import org.histods.digest.Hasher;
import org.histods.fetch.ChecksumCheck;
import org.histods.fetch.FetchOrigin;
import org.histods.fetch.FetchedFile;
import org.histods.problem.Problem;
import org.histods.source.RemoteFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** The scratch file with the entries of a receipt. */
final class FetchLogTest {

    private static FetchResult fetch() {
        FetchOrigin origin = FetchOrigin.local("local", "", "a.png", Instant.EPOCH, Instant.EPOCH, List.of());
        RemoteFile remote =
                RemoteFile.of(new FilePath("a.png"), URI.create("https://host.example/a.png"), 3L, List.of());
        return new FetchResult(
                new FetchedFile(
                        remote,
                        Path.of("a.png"),
                        3,
                        Map.of(Algorithm.SHA256, Hasher.sha256("abc")),
                        ChecksumCheck.COMPUTED,
                        origin),
                "",
                null);
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void fullDisk_isReportedByTheFetchThatCannotBeWritten() throws Exception {
        try (FetchLog log = new FetchLog(Path.of("/dev/full"))) {
            Problem p = assertThrows(Problem.class, () -> {
                for (int i = 0; i < 1000; i++) {
                    log.add(fetch());
                }
            });
            assertEquals(Problem.Kind.DISK, p.kind());
        }
    }
}
