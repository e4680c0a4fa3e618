package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.Purpose;
import org.histods.audit.finding.Rule;
import org.histods.audit.rules.LicenseTerms.Licence;
import org.histods.dataset.DatasetId;
import org.histods.manifest.Access;
import org.histods.manifest.License;

/** Checks licences and other terms against the purpose and against each other. */
public final class TermRules implements AuditContext.Rules {

    private final LicenseTerms licences = new LicenseTerms();

    @Override
    public void check(AuditContext context, Findings findings) {
        List<List<DatasetUse>> used = List.copyOf(context.usedById().values());
        purpose(context, findings);
        for (List<DatasetUse> subjects : used) {
            known(subjects, findings);
            licences.of(license(subjects).spdx()).ifPresent(l -> judge(context.purpose(), subjects, l, findings));
            access(subjects, findings);
        }
        for (int i = 0; i < used.size(); i++) {
            for (int j = i + 1; j < used.size(); j++) {
                clash(used.get(i), used.get(j), findings);
            }
        }
    }

    private static License license(List<DatasetUse> subjects) {
        return subjects.get(0).manifest().terms().license();
    }

    private static DatasetId id(List<DatasetUse> subjects) {
        return subjects.get(0).id();
    }

    private static String manifest(List<DatasetUse> subjects) {
        return "manifests/" + id(subjects) + ".yaml";
    }

    private static void purpose(AuditContext context, Findings findings) {
        Purpose purpose = context.purpose();
        if (context.usedById().isEmpty()) {
            return;
        }
        if (purpose.text() == null) {
            findings.add(
                    Rule.PURPOSE_UNSAID,
                    List.of(),
                    "no purpose is declared",
                    List.of("histods.yaml has no `purpose`, and --purpose is not set; known are research, teaching,"
                            + " commercial and redistribution, also several with commas"));
        }
        purpose.unknown()
                .forEach(word -> findings.unchecked("terms were not checked against the purpose '" + word
                        + "': known are research, teaching, commercial and redistribution"));
    }

    private void known(List<DatasetUse> subjects, Findings findings) {
        License license = license(subjects);
        List<String> names = AuditContext.names(subjects);
        DatasetId id = id(subjects);
        if (license.unknown()) {
            List<String> evidence = new ArrayList<>(List.of(manifest(subjects) + " states no licence"));
            if (license.doubt() != null) {
                evidence.add(license.doubt());
            }
            findings.add(Rule.LICENSE_UNKNOWN, names, "no terms are known for " + id, evidence);
            return;
        }
        if (license.doubt() != null) {
            findings.add(
                    Rule.LICENSE_DOUBTFUL,
                    names,
                    "the terms of " + id + ", " + license.shown() + ", are doubtful",
                    List.of(manifest(subjects) + ": " + license.doubt()));
        }
        if (licences.of(license.spdx()).isEmpty()) {
            findings.add(
                    Rule.LICENSE_NOT_JUDGED,
                    names,
                    "the terms of " + id + " were not checked: " + license.shown(),
                    List.of(manifest(subjects) + ": " + license.shown()
                            + (license.url() == null ? "" : ", see " + license.url())));
        }
    }

    private static void judge(Purpose purpose, List<DatasetUse> subjects, Licence licence, Findings findings) {
        List<String> names = AuditContext.names(subjects);
        DatasetId id = id(subjects);
        List<String> evidence =
                List.of(manifest(subjects) + ": " + licence.spdx(), licence.spdx() + ": " + licence.source());
        if (!licence.commercial() && purpose.includes(Purpose.Use.COMMERCIAL)) {
            findings.add(
                    Rule.NONCOMMERCIAL,
                    names,
                    id + " is under " + licence.spdx() + ", which forbids commercial use; the purpose is "
                            + purpose.text(),
                    evidence);
        }
        if (purpose.includes(Purpose.Use.REDISTRIBUTION)) {
            if (!licence.derivatives()) {
                findings.add(
                        Rule.NO_DERIVATIVES,
                        names,
                        id + " is under " + licence.spdx() + ", which forbids sharing derived works",
                        evidence);
            }
            if (licence.alike() != null) {
                findings.add(
                        Rule.SHARE_ALIKE,
                        names,
                        "works derived from " + id + " must be shared under " + licence.spdx()
                                + " or terms that it names as equal",
                        evidence);
            }
        }
        if (!licence.obligations().isEmpty()) {
            findings.add(
                    Rule.OBLIGATIONS,
                    names,
                    licence.spdx() + " requires of users of " + id + ": " + String.join("; ", licence.obligations()),
                    evidence);
        }
    }

    private static void access(List<DatasetUse> subjects, Findings findings) {
        Access access = subjects.get(0).manifest().terms().access();
        DatasetId id = id(subjects);
        String stated = manifest(subjects) + ": access " + access.status().word()
                + (access.note() == null ? "" : ": " + access.note());
        switch (access.status()) {
            case UNAVAILABLE ->
                findings.add(
                        Rule.UNAVAILABLE,
                        AuditContext.names(subjects),
                        id + " is no longer available from its source",
                        List.of(stated));
            case REGISTRATION, AGREEMENT, CREDENTIAL ->
                findings.add(
                        Rule.PERSONAL_TERMS,
                        AuditContext.names(subjects),
                        id + " requires a person to accept terms, which the catalogue does not have",
                        List.of(stated));
            case OPEN, UNKNOWN -> {
                // No terms of access are known.
            }
        }
    }

    private void clash(List<DatasetUse> one, List<DatasetUse> other, Findings findings) {
        Optional<Licence> a = licences.of(license(one).spdx());
        Optional<Licence> b = licences.of(license(other).spdx());
        if (a.isEmpty() || b.isEmpty()) {
            return;
        }
        licences.clash(a.get(), b.get()).ifPresent(why -> {
            Set<String> names = new LinkedHashSet<>(AuditContext.names(one));
            names.addAll(AuditContext.names(other));
            findings.add(
                    Rule.LICENSE_CLASH,
                    names,
                    "a work derived from " + id(one) + " and " + id(other) + " cannot be shared: " + why
                            + ". Whether a trained model is such a work is disputed",
                    List.of(
                            manifest(one) + ": " + a.get().spdx() + ", "
                                    + a.get().source(),
                            manifest(other) + ": " + b.get().spdx() + ", "
                                    + b.get().source()));
        });
    }
}
