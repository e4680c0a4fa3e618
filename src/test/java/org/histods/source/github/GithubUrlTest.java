package org.histods.source.github;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class GithubUrlTest {

    @ParameterizedTest
    @CsvSource({
        "https://github.com/o/r, , ''",
        "https://github.com/o/r.git, , ''",
        "https://github.com/o/r/tree/v1/a/b, v1, a/b",
        "https://github.com/o/r/blob/main/a%20b.csv, main, a b.csv",
        "https://github.com/o/r/raw/refs/heads/main/a.csv, main, a.csv",
        "https://github.com/o/r/archive/refs/tags/v1.zip, v1, ''",
        "https://raw.githubusercontent.com/o/r/main/a.csv, main, a.csv",
        "https://raw.githubusercontent.com/o/r/refs/heads/main/d/a.csv, main, d/a.csv",
        "https://media.githubusercontent.com/media/o/r/main/d/a.csv, main, d/a.csv",
        "https://codeload.github.com/o/r/zip/refs/heads/main, main, ''",
        "https://codeload.github.com/o/r/tar.gz/v1, v1, ''",
        "https://api.github.com/repos/o/r, , ''",
        "https://api.github.com/repos/o/r/zipball/v1, v1, ''",
    })
    void url_isReadAsRefAndPath(String url, String ref, String path) {
        GithubUrl read = Objects.requireNonNull(GithubUrl.of(URI.create(url)));

        assertEquals("o/r", read.owner() + "/" + read.name());
        assertEquals(ref, read.ref());
        assertEquals(path, read.path());
    }
}
