package org.histods.manifest;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Writes manifests as bytes, for {@link ManifestDecoder}: each component of a record in its order. A number is a
 * variable-length integer of 7 bits a byte, lowest first; what can be null begins with 0 or 1.
 */
final class ManifestEncoder {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    byte[] bytes() {
        return out.toByteArray();
    }

    void length(byte[] bytes) {
        number(bytes.length);
    }

    void append(byte[] bytes) {
        out.writeBytes(bytes);
    }

    /** A text: its length in bytes times 2, plus 1 unless it is Latin-1, and its bytes in Latin-1 or else UTF-8. */
    void text(String text) {
        boolean latin = text.chars().allMatch(c -> c < 256);
        byte[] bytes = text.getBytes(latin ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8);
        number(bytes.length * 2L + (latin ? 0 : 1));
        out.writeBytes(bytes);
    }

    private void number(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            out.write((int) ((rest & 0x7f) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private void flag(boolean value) {
        number(value ? 1 : 0);
    }

    private <T> void optional(@Nullable T value, Consumer<T> write) {
        flag(value != null);
        if (value != null) {
            write.accept(value);
        }
    }

    private void optionalText(@Nullable String value) {
        optional(value, this::text);
    }

    private void optionalNumber(@Nullable Number value) {
        optional(value, v -> number(v.longValue()));
    }

    private <T> void list(Collection<T> values, Consumer<T> write) {
        number(values.size());
        values.forEach(write);
    }

    private void texts(List<String> values) {
        list(values, this::text);
    }

    private void word(Enum<?> value) {
        text(value.name());
    }

    void manifest(Manifest m) {
        text(m.id().text());
        text(m.title());
        text(m.version().word());
        texts(m.names().aliases());
        texts(m.names().ambiguous());
        list(m.names().fileNames(), name -> {
            text(name.pattern().regex());
            texts(name.examples());
        });
        images(m.images());
        publication(m.publication());
        license(m.terms().license());
        access(m.terms().access());
        contents(m.contents());
        list(m.sources(), this::source);
        texts(m.notes().problems());
        texts(m.notes().doubts());
    }

    private void images(Manifest.Images images) {
        texts(images.organs());
        texts(images.stains());
        texts(images.species());
        optionalText(images.unit());
        texts(images.magnification());
        list(images.mpp(), value -> number(Double.doubleToLongBits(value)));
        texts(images.scanner());
        optionalText(images.imageSize());
        texts(images.formats());
    }

    private void publication(Manifest.Publication publication) {
        optionalText(publication.description());
        optionalNumber(publication.year());
        texts(publication.creators());
        optionalText(publication.publisher());
        optionalText(publication.landing());
        optionalText(publication.doi());
        optional(publication.paper(), this::paper);
    }

    private void contents(Manifest.Contents contents) {
        texts(contents.tasks());
        list(contents.counts().entrySet(), count -> {
            text(count.getKey());
            number(count.getValue());
        });
        optional(contents.unpacked(), this::size);
        list(contents.variants(), variant -> {
            text(variant.name());
            optionalText(variant.title());
            flag(variant.preferred());
        });
        list(contents.splits().entrySet(), split -> {
            text(split.getKey());
            texts(split.getValue());
        });
        optional(contents.unpack(), unpack -> {
            texts(unpack.skip());
            optionalText(unpack.charset());
        });
        optional(contents.patients(), this::patients);
        list(contents.lineage(), this::lineage);
    }

    private void size(StatedSize size) {
        optionalNumber(size.exact());
        optionalNumber(size.about());
        optionalNumber(size.extrapolated());
        optionalNumber(size.atLeast());
        optionalNumber(size.atMost());
        text(size.by());
    }

    private void license(License license) {
        optionalText(license.spdx());
        optionalText(license.name());
        optionalText(license.url());
        optionalText(license.doubt());
    }

    private void access(Access access) {
        word(access.status());
        optionalText(access.note());
        optionalText(access.page());
        texts(access.steps());
    }

    private void paper(Manifest.Paper paper) {
        optionalText(paper.doi());
        optionalText(paper.url());
        optionalText(paper.title());
        texts(paper.authors());
        optionalNumber(paper.year());
        optionalText(paper.venue());
    }

    private void source(SourceSpec source) {
        text(source.kind());
        text(source.record());
        flag(source.official());
        text(source.part());
        word(source.use());
        optionalText(source.note());
        list(source.options().entrySet(), option -> {
            text(option.getKey());
            text(option.getValue());
        });
        optionalText(source.listing().checksumList());
        texts(source.listing().include());
        texts(source.listing().exclude());
        optional(source.size(), this::size);
        list(source.files(), this::file);
    }

    private void file(PinnedFile file) {
        text(file.path());
        optionalText(file.at());
        optionalNumber(file.bytes());
        optional(file.size(), this::size);
        list(file.checksums(), published -> {
            word(published.checksum().algorithm());
            text(published.checksum().hex());
            text(published.by());
        });
        optionalText(file.role());
        optionalText(file.variant());
        optional(file.unpack(), this::flag);
        optionalText(file.into());
        flag(file.optional());
    }

    private void patients(PatientRule rule) {
        optional(rule.pattern(), pattern -> text(pattern.regex()));
        optionalText(rule.level());
        list(rule.examples(), example -> {
            text(example.path());
            optionalText(example.id());
        });
        optionalText(rule.note());
    }

    private void lineage(Lineage lineage) {
        optional(lineage.dataset(), id -> text(id.text()));
        optionalText(lineage.outside());
        word(lineage.relation());
        list(lineage.shares(), this::word);
        optionalText(lineage.note());
        optionalText(lineage.evidence());
    }
}
