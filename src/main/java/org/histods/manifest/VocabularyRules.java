package org.histods.manifest;

import java.util.Collection;
import java.util.List;

/** Checks that a manifest's controlled fields have only words of the vocabulary. */
final class VocabularyRules {

    private final Manifest manifest;
    private final Vocabulary vocabulary;

    VocabularyRules(Manifest manifest, Vocabulary vocabulary) {
        this.manifest = manifest;
        this.vocabulary = vocabulary;
    }

    /** Whether all words are known. */
    boolean known() {
        PatientRule patients = manifest.contents().patients();
        return all(Vocabulary.Kind.ORGAN, manifest.images().organs())
                && all(Vocabulary.Kind.STAIN, manifest.images().stains())
                && all(Vocabulary.Kind.TASK, manifest.contents().tasks())
                && all(Vocabulary.Kind.SPECIES, manifest.images().species())
                && all(
                        Vocabulary.Kind.UNIT,
                        manifest.images().unit() == null
                                ? List.of()
                                : List.of(manifest.images().unit()))
                && all(
                        Vocabulary.Kind.LEVEL,
                        patients == null || patients.level() == null ? List.of() : List.of(patients.level()));
    }

    private boolean all(Vocabulary.Kind kind, Collection<String> words) {
        return vocabulary.words(kind).containsAll(words);
    }
}
