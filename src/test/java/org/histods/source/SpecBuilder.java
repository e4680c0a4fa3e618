package org.histods.source;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.digest.Checksum;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.PinnedFile.Published;
import org.histods.manifest.SourceSpec;
import org.jspecify.annotations.Nullable;

/** Makes specs as short as they are in a manifest. */
final class SpecBuilder {

    private final String kind;
    private final String record;
    private final Map<String, String> options = new LinkedHashMap<>();
    private final List<PinnedFile> files = new ArrayList<>();
    private List<String> include = List.of();
    private List<String> exclude = List.of();
    private @Nullable String checksumList;

    private SpecBuilder(String kind, String record) {
        this.kind = kind;
        this.record = record;
    }

    static SpecBuilder spec(String kind, String record) {
        return new SpecBuilder(kind, record);
    }

    SpecBuilder option(String name, String value) {
        options.put(name, value);
        return this;
    }

    SpecBuilder include(String... globs) {
        include = List.of(globs);
        return this;
    }

    SpecBuilder exclude(String... globs) {
        exclude = List.of(globs);
        return this;
    }

    SpecBuilder checksumList(String list) {
        checksumList = list;
        return this;
    }

    SpecBuilder file(String path) {
        return file(path, null, null);
    }

    /** @param sums as in a manifest, published by {@code P} */
    SpecBuilder file(String path, @Nullable String at, @Nullable Long bytes, String... sums) {
        List<Published> published = new ArrayList<>();
        for (String sum : sums) {
            published.add(new Published(Checksum.parse(sum), "P"));
        }
        files.add(new PinnedFile(path, at, bytes, null, published, null, null, null, null, false));
        return this;
    }

    SourceSpec build() {
        return new SourceSpec(
                kind,
                record,
                true,
                "",
                SourceSpec.Use.AUTO,
                null,
                options,
                checksumList,
                include,
                exclude,
                null,
                files);
    }
}
