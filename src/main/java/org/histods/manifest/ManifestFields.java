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
import org.jspecify.annotations.Nullable;

/**
 * The fields of a manifest's file, in the order in which they are written: what Jackson reads and writes for a {@link Manifest}. A
 * field that the file does not have is null.
 */
@JsonAutoDetect(fieldVisibility = Visibility.ANY)
final class ManifestFields {

    @Nullable
    DatasetId id;

    @Nullable
    String title;

    @Nullable
    List<String> aliases;

    @Nullable
    List<String> ambiguous;

    @Nullable
    String description;

    @Nullable
    DatasetVersion version;

    @Nullable
    Integer year;

    @Nullable
    List<String> organs;

    @Nullable
    List<String> stains;

    @Nullable
    List<String> tasks;

    @Nullable
    List<String> species;

    @Nullable
    String unit;

    @Nullable
    List<String> magnification;

    @Nullable
    List<Double> mpp;

    @Nullable
    List<String> scanner;

    @Nullable
    String imageSize;

    @Nullable
    List<String> formats;

    @Nullable
    Map<String, Long> counts;

    @Nullable
    StatedSize unpacked;

    @Nullable
    License license;

    @Nullable
    Access access;

    @Nullable
    String landing;

    @Nullable
    String doi;

    Manifest.@Nullable Paper paper;

    @Nullable
    List<String> creators;

    @Nullable
    String publisher;

    @Nullable
    List<Manifest.Variant> variants;

    @Nullable
    Map<String, List<String>> splits;

    @JsonInclude(JsonInclude.Include.ALWAYS)
    @Nullable
    List<SourceSpec> sources;

    Manifest.@Nullable Unpacking unpack;

    @Nullable
    PatientRule patients;

    @Nullable
    List<FileName> fileNames;

    @Nullable
    List<Lineage> lineage;

    @Nullable
    List<String> problems;

    @Nullable
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
