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
@SuppressWarnings("EnumOrdinal") // read by the program of the same build only
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

    private void text0(@Nullable String value) {
        optional(value, this::text);
    }

    private void number0(@Nullable Number value) {
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
        text0(images.unit());
        texts(images.magnification());
        list(images.mpp(), value -> number(Double.doubleToLongBits(value)));
        texts(images.scanner());
        text0(images.imageSize());
        texts(images.formats());
    }

    private void publication(Manifest.Publication publication) {
        text0(publication.description());
        number0(publication.year());
        texts(publication.creators());
        text0(publication.publisher());
        text0(publication.landing());
        text0(publication.doi());
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
            text0(variant.title());
            flag(variant.preferred());
        });
        list(contents.splits().entrySet(), split -> {
            text(split.getKey());
            texts(split.getValue());
        });
        optional(contents.unpack(), unpack -> {
            texts(unpack.skip());
            text0(unpack.charset());
        });
        optional(contents.patients(), this::patients);
        list(contents.lineage(), this::lineage);
    }

    private void size(StatedSize size) {
        number0(size.exact());
        number0(size.about());
        number0(size.extrapolated());
        number0(size.atLeast());
        number0(size.atMost());
        text(size.by());
    }

    private void license(License license) {
        text0(license.spdx());
        text0(license.name());
        text0(license.url());
        text0(license.doubt());
    }

    private void access(Access access) {
        word(access.status());
        text0(access.note());
        text0(access.page());
        texts(access.steps());
    }

    private void paper(Manifest.Paper paper) {
        text0(paper.doi());
        text0(paper.url());
        text0(paper.title());
        texts(paper.authors());
        number0(paper.year());
        text0(paper.venue());
    }

    private void source(SourceSpec source) {
        text(source.kind());
        text(source.record());
        flag(source.official());
        text(source.part());
        word(source.use());
        text0(source.note());
        list(source.options().entrySet(), option -> {
            text(option.getKey());
            text(option.getValue());
        });
        text0(source.listing().checksumList());
        texts(source.listing().include());
        texts(source.listing().exclude());
        optional(source.size(), this::size);
        list(source.files(), this::file);
    }

    private void file(PinnedFile file) {
        text(file.path());
        text0(file.at());
        number0(file.bytes());
        optional(file.size(), this::size);
        list(file.checksums(), published -> {
            word(published.checksum().algorithm());
            text(published.checksum().hex());
            text(published.by());
        });
        text0(file.role());
        text0(file.variant());
        optional(file.unpack(), this::flag);
        text0(file.into());
        flag(file.optional());
    }

    private void patients(PatientRule rule) {
        optional(rule.pattern(), pattern -> text(pattern.regex()));
        text0(rule.level());
        list(rule.examples(), example -> {
            text(example.path());
            text0(example.id());
        });
        text0(rule.note());
    }

    private void lineage(Lineage lineage) {
        optional(lineage.dataset(), id -> text(id.text()));
        text0(lineage.outside());
        word(lineage.relation());
        list(lineage.shares(), this::word);
        text0(lineage.note());
        text0(lineage.evidence());
    }
}
