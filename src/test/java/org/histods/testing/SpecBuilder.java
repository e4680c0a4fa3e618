package org.histods.testing;

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
public final class SpecBuilder {

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

    public static SpecBuilder spec(String kind, String record) {
        return new SpecBuilder(kind, record);
    }

    public SpecBuilder option(String name, String value) {
        options.put(name, value);
        return this;
    }

    public SpecBuilder include(String... globs) {
        include = List.of(globs);
        return this;
    }

    public SpecBuilder exclude(String... globs) {
        exclude = List.of(globs);
        return this;
    }

    public SpecBuilder checksumList(String list) {
        checksumList = list;
        return this;
    }

    public SpecBuilder file(String path) {
        return file(path, null, null);
    }

    /**
     * Pins a file.
     *
     * @param checksums as in a manifest, published by {@code P}
     */
    public SpecBuilder file(String path, @Nullable String at, @Nullable Long bytes, String... checksums) {
        List<Published> published = new ArrayList<>();
        for (String checksum : checksums) {
            published.add(new Published(Checksum.parse(checksum), "P"));
        }
        files.add(new PinnedFile(path, at, bytes, null, published, null, null, null, null, false));
        return this;
    }

    public SourceSpec build() {
        return new SourceSpec(
                kind,
                record,
                true,
                "",
                SourceSpec.Use.AUTO,
                null,
                options,
                new SourceSpec.Listing(checksumList, include, exclude),
                null,
                files);
    }
}
