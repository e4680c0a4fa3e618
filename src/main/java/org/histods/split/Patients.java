package org.histods.split;

import java.util.Optional;
import org.histods.manifest.PatientRule;
import org.jspecify.annotations.Nullable;

/** Finds the patient, case or slide that a file of a dataset belongs to. */
public interface Patients {

    /** The patient of the file at that path; empty if unknown. */
    Optional<String> of(String path);

    /** What the ids identify, one of {@link SplitCheck#LEVELS}; null if no file has one. */
    @Nullable
    String level();

    /** The patients that a manifest's rule reads from paths; null for a manifest without one. */
    static Patients of(@Nullable PatientRule rule) {
        return new Patients() {
            @Override
            public Optional<String> of(String path) {
                return rule == null ? Optional.empty() : rule.patientOf(path);
            }

            @Override
            public @Nullable String level() {
                return rule == null || rule.pattern() == null ? null : rule.level();
            }
        };
    }
}
