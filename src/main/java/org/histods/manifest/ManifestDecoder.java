package org.histods.manifest;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.Algorithm;
import org.histods.digest.Checksum;
import org.jspecify.annotations.Nullable;

/** Reads what {@link ManifestEncoder} wrote, from a part of an array. */
final class ManifestDecoder {

    private final byte[] bytes;
    private final int end;
    private int position;

    ManifestDecoder(byte[] bytes, int start, int end) {
        this.bytes = bytes;
        this.position = start;
        this.end = end;
    }

    boolean atEnd() {
        return position >= end;
    }

    int length() {
        return (int) number();
    }

    /** Skips that many bytes; gives where they begin. */
    int skip(int length) {
        int start = position;
        if (length < 0 || length > end - start) {
            throw new IllegalStateException("the compiled catalogue is damaged at byte " + start);
        }
        position += length;
        return start;
    }

    String text() {
        int head = (int) number();
        int length = head >>> 1;
        return new String(
                bytes, skip(length), length, (head & 1) == 0 ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
    }

    private long number() {
        long value = 0;
        int shift = 0;
        byte next;
        do {
            next = bytes[position++];
            value |= (next & 0x7fL) << shift;
            shift += 7;
        } while (next < 0);
        return value;
    }

    private boolean flag() {
        return number() == 1;
    }

    private @Nullable String optionalText() {
        return flag() ? text() : null;
    }

    private @Nullable Long optionalLong() {
        return flag() ? number() : null;
    }

    private @Nullable Integer optionalInteger() {
        return flag() ? (int) number() : null;
    }

    private <T> List<T> list(Supplier<T> read) {
        int size = (int) number();
        if (size == 0) {
            return List.of();
        }
        List<T> list = new ArrayList<>(size);
        for (int i = 0; i < size; i++) {
            list.add(read.get());
        }
        return list;
    }

    private <T> Map<String, T> map(Supplier<T> read) {
        int size = (int) number();
        Map<String, T> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            map.put(text(), read.get());
        }
        return map;
    }

    private List<String> texts() {
        return list(this::text);
    }

    Manifest manifest() {
        return new Manifest(
                new DatasetId(text()),
                text(),
                new DatasetVersion(text(), null),
                new Manifest.Names(
                        texts(), texts(), list(() -> new FileNamePattern(PathPattern.ofKnown(text()), texts()))),
                new Manifest.Images(
                        texts(),
                        texts(),
                        texts(),
                        optionalText(),
                        texts(),
                        list(() -> Double.longBitsToDouble(number())),
                        texts(),
                        optionalText(),
                        texts()),
                new Manifest.Publication(
                        optionalText(),
                        optionalInteger(),
                        texts(),
                        optionalText(),
                        optionalText(),
                        optionalText(),
                        flag()
                                ? new Manifest.Paper(
                                        optionalText(),
                                        optionalText(),
                                        optionalText(),
                                        texts(),
                                        optionalInteger(),
                                        optionalText())
                                : null),
                new Manifest.Terms(
                        new License(optionalText(), optionalText(), optionalText(), optionalText()),
                        new Access(Access.Status.valueOf(text()), optionalText(), optionalText(), texts())),
                new Manifest.Contents(
                        texts(),
                        map(this::number),
                        flag() ? size() : null,
                        list(() -> new Manifest.Variant(text(), optionalText(), flag())),
                        map(this::texts),
                        flag() ? new Manifest.Unpacking(texts(), optionalText()) : null,
                        flag() ? patients() : null,
                        list(this::lineage)),
                list(this::source),
                new Manifest.Notes(texts(), texts()));
    }

    private StatedSize size() {
        return new StatedSize(optionalLong(), optionalLong(), optionalLong(), optionalLong(), optionalLong(), text());
    }

    private SourceSpec source() {
        return new SourceSpec(
                text(),
                text(),
                flag(),
                text(),
                SourceSpec.Use.valueOf(text()),
                optionalText(),
                map(this::text),
                new SourceSpec.Listing(optionalText(), texts(), texts()),
                flag() ? size() : null,
                list(this::file));
    }

    private PinnedFile file() {
        return new PinnedFile(
                text(),
                optionalText(),
                optionalLong(),
                flag() ? size() : null,
                list(() -> new PinnedFile.Published(new Checksum(Algorithm.valueOf(text()), text()), text())),
                optionalText(),
                optionalText(),
                flag() ? (Boolean) flag() : null,
                optionalText(),
                flag());
    }

    private PatientRule patients() {
        return new PatientRule(
                flag() ? PathPattern.ofKnown(text()) : null,
                optionalText(),
                list(() -> new PatientRule.Example(text(), optionalText())),
                optionalText());
    }

    private Lineage lineage() {
        return new Lineage(
                flag() ? new DatasetId(text()) : null,
                optionalText(),
                Lineage.Relation.valueOf(text()),
                list(() -> Lineage.Shared.valueOf(text())),
                optionalText(),
                optionalText());
    }
}
