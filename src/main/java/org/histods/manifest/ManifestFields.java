package org.histods.manifest;

import com.fasterxml.jackson.annotation.JsonAutoDetect;
import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.dataset.DatasetId;
import org.histods.dataset.DatasetVersion;
import org.jspecify.annotations.NullUnmarked;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a manifest's file, in the order in which they are written: what Jackson reads and writes for a {@link Manifest}. A
 * field that the file does not have is null.
 */
@NullUnmarked
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class ManifestFields {

    DatasetId id;

    String title;

    List<String> aliases;

    List<String> ambiguous;

    String description;

    DatasetVersion version;

    Integer year;

    List<String> organs;

    List<String> stains;

    List<String> tasks;

    List<String> species;

    String unit;

    List<String> magnification;

    List<Double> mpp;

    List<String> scanner;

    String imageSize;

    List<String> formats;

    Map<String, Long> counts;

    StatedSize unpacked;

    License license;

    Access access;

    String landing;

    String doi;

    Manifest.Paper paper;

    List<String> creators;

    String publisher;

    List<Manifest.Variant> variants;

    Map<String, List<String>> splits;

    @JsonInclude(JsonInclude.Include.ALWAYS)
    List<SourceSpec> sources;

    Manifest.Unpacking unpack;

    PatientRule patients;

    List<FileNamePattern> fileNames;

    List<Lineage> lineage;

    List<String> problems;

    List<String> doubts;

    @SuppressWarnings("unused") // Jackson calls it.
    private ManifestFields() {}

    ManifestFields(Manifest m) {
        id = m.id();
        title = m.title();
        version = m.version();
        aliases = m.names().aliases();
        ambiguous = m.names().ambiguous();
        fileNames = m.names().fileNames();
        organs = m.images().organs();
        stains = m.images().stains();
        species = m.images().species();
        unit = m.images().unit();
        magnification = m.images().magnification();
        mpp = m.images().mpp();
        scanner = m.images().scanner();
        imageSize = m.images().imageSize();
        formats = m.images().formats();
        description = m.publication().description();
        year = m.publication().year();
        creators = m.publication().creators();
        publisher = m.publication().publisher();
        landing = m.publication().landing();
        doi = m.publication().doi();
        paper = m.publication().paper();
        license = m.terms().license();
        access = m.terms().access();
        tasks = m.contents().tasks();
        counts = m.contents().counts();
        unpacked = m.contents().unpacked();
        variants = m.contents().variants();
        splits = m.contents().splits();
        unpack = m.contents().unpack();
        patients = m.contents().patients();
        lineage = m.contents().lineage();
        sources = m.sources();
        problems = m.notes().problems();
        doubts = m.notes().doubts();
    }

    /** @throws IllegalArgumentException if a required field is missing */
    Manifest manifest() {
        return new Manifest(
                required(id, "id"),
                required(title, "title"),
                required(version, "version"),
                new Manifest.Names(orEmpty(aliases), orEmpty(ambiguous), orEmpty(fileNames)),
                new Manifest.Images(
                        orEmpty(organs),
                        orEmpty(stains),
                        orEmpty(species),
                        unit,
                        orEmpty(magnification),
                        orEmpty(mpp),
                        orEmpty(scanner),
                        imageSize,
                        orEmpty(formats)),
                new Manifest.Publication(description, year, orEmpty(creators), publisher, landing, doi, paper),
                new Manifest.Terms(required(license, "license"), required(access, "access")),
                new Manifest.Contents(
                        orEmpty(tasks),
                        orEmpty(counts),
                        unpacked,
                        orEmpty(variants),
                        orEmpty(splits),
                        unpack,
                        patients,
                        orEmpty(lineage)),
                required(sources, "sources"),
                new Manifest.Notes(orEmpty(problems), orEmpty(doubts)));
    }

    static <T> T required(@Nullable T value, String field) {
        if (value == null) {
            throw new IllegalArgumentException("the field " + field + " is missing");
        }
        return value;
    }

    /** A list that cannot be changed. */
    static <T> List<T> orEmpty(@Nullable List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }

    /** A map that cannot be changed, in the same order. */
    static <K, V> Map<K, V> orEmpty(@Nullable Map<K, V> map) {
        return map == null ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(map));
    }
}
