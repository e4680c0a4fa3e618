package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.evidence.OverlapDetector;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Overlap.Certainty;
import org.histods.audit.finding.Overlap.CommonFile;
import org.histods.audit.finding.Overlap.CommonPatient;
import org.histods.audit.finding.Rule;
import org.histods.manifest.Lineage.Shared;
import org.histods.project.Declaration;
import org.histods.text.Count;
import org.jspecify.annotations.Nullable;

/** Checks whether a model has seen its test data before. */
public final class LeakageRules implements AuditContext.Rules {

    private static final int LISTED = 20;

    @Override
    public void check(AuditContext context, Findings findings) {
        Map<String, DatasetUse> used = context.used();
        Set<List<String>> compared = new LinkedHashSet<>();
        for (Overlap overlap : context.overlaps()) {
            DatasetUse a = used.get(overlap.a());
            DatasetUse b = used.get(overlap.b());
            if (a != null && b != null) {
                compared.add(List.of(a.name(), b.name()));
                overlap(overlap, a, b, findings);
            }
        }
        List<DatasetUse> all = List.copyOf(used.values());
        for (DatasetUse subject : all) {
            role(subject, all, findings);
            if (subject.test()) {
                nothingKnown(
                        subject,
                        all.stream()
                                .filter(s -> s.seen() && !s.name().equals(subject.name()))
                                .filter(s -> !compared.contains(List.of(s.name(), subject.name())))
                                .filter(s -> !compared.contains(List.of(subject.name(), s.name())))
                                .toList(),
                        findings);
            }
        }
    }

    /** Whether one is seen in training and the other tested on. */
    private static boolean crossed(DatasetUse a, DatasetUse b) {
        return (a.seen() && b.test()) || (a.test() && b.seen());
    }

    private static void overlap(Overlap overlap, DatasetUse a, DatasetUse b, Findings findings) {
        Set<String> names = Set.of(a.name(), b.name());
        String pair = a.shown() + " and " + b.shown();
        if (!crossed(a, b)) {
            if ((!a.judged() || !b.judged()) && overlap.certainty() != Certainty.POSSIBLE) {
                findings.add(
                        Rule.UNJUDGED_OVERLAP,
                        names,
                        pair + (overlap.certainty() == Certainty.LIKELY ? " probably share " : " share ")
                                + what(overlap) + ", and a role is unknown: this may be leakage",
                        evidence(overlap, a, b));
            }
            return;
        }
        switch (overlap.certainty()) {
            case SEEN -> seen(overlap, a, b, pair, findings);
            case PROVEN ->
                findings.add(
                        rule(overlap.shares()),
                        names,
                        pair + " share " + what(overlap)
                                + (a.id().equals(b.id())
                                        ? ": both select the same files of " + a.id()
                                        : ": the manifests say so"),
                        evidence(overlap, a, b));
            case LIKELY ->
                findings.add(
                        Rule.LIKELY_OVERLAP, names, pair + " probably share " + what(overlap), evidence(overlap, a, b));
            case POSSIBLE ->
                findings.add(
                        Rule.POSSIBLE_OVERLAP, names, pair + " may share " + what(overlap), evidence(overlap, a, b));
        }
    }

    private static void seen(Overlap overlap, DatasetUse a, DatasetUse b, String pair, Findings findings) {
        Set<String> names = Set.of(a.name(), b.name());
        if (overlap.files().count() > 0) {
            List<String> evidence = new ArrayList<>(LineageEvidence.words(overlap.chains()));
            for (CommonFile file : overlap.files()
                    .listed()
                    .subList(0, Math.min(LISTED, overlap.files().listed().size()))) {
                evidence.add(a.name() + "/" + file.inA() + " = " + b.name() + "/" + file.inB() + ", sha256 "
                        + file.sha256());
            }
            more(overlap.files().count(), evidence);
            findings.add(
                    Rule.SHARED_FILES,
                    names,
                    pair + " have " + Count.of(overlap.files().count(), "file") + " in common, byte for byte",
                    evidence);
        }
        if (overlap.patients().count() > 0) {
            boolean slides = overlap.shares() == Shared.SLIDES;
            String unit = slides ? "slide" : "patient";
            List<String> evidence = new ArrayList<>(LineageEvidence.words(overlap.chains()));
            for (CommonPatient p : overlap.patients()
                    .listed()
                    .subList(0, Math.min(LISTED, overlap.patients().listed().size()))) {
                evidence.add(unit + " " + p.id() + ": " + Count.of(p.inA(), "file") + " of " + a.name() + " such as "
                        + p.exampleA() + ", " + Count.of(p.inB(), "file") + " of " + b.name() + " such as "
                        + p.exampleB());
            }
            more(overlap.patients().count(), evidence);
            findings.add(
                    slides ? Rule.SHARED_SLIDES : Rule.SHARED_PATIENTS,
                    names,
                    pair + " have files of " + Count.of(overlap.patients().count(), unit) + " in common",
                    evidence);
        }
    }

    private static void more(long count, List<String> evidence) {
        if (count > LISTED) {
            evidence.add("and " + (count - LISTED) + " more, listed under `overlaps` with --format json");
        }
    }

    private static Rule rule(@Nullable Shared shares) {
        if (shares == null) {
            return Rule.LIKELY_OVERLAP;
        }
        return switch (shares) {
            case FILES -> Rule.SHARED_FILES;
            case SLIDES -> Rule.SHARED_SLIDES;
            case PATIENTS -> Rule.SHARED_PATIENTS;
        };
    }

    /** What is shared, and what that implies. */
    private static String what(Overlap overlap) {
        Shared shares = overlap.shares();
        if (shares == null) {
            return "something that the manifests do not specify";
        }
        return switch (shares) {
            case FILES -> "files, and therefore slides and patients";
            case SLIDES -> "slides, and therefore patients";
            case PATIENTS -> "patients";
        };
    }

    private static List<String> evidence(Overlap overlap, DatasetUse a, DatasetUse b) {
        List<String> evidence = new ArrayList<>(LineageEvidence.words(overlap.chains()));
        if (overlap.chains().isEmpty()) {
            evidence.add(
                    a.name() + " uses " + selection(a) + " of " + a.id() + ", " + b.name() + " uses " + selection(b));
        } else if (a.part() || b.part()) {
            evidence.add("the manifests describe whole datasets; the project uses " + selection(a) + " of " + a.id()
                    + " and " + selection(b) + " of " + b.id());
        }
        evidence.add(looked(overlap, a, b));
        return evidence;
    }

    private static String looked(Overlap overlap, DatasetUse a, DatasetUse b) {
        if (!overlap.files().compared()) {
            return "their files were not compared: " + (a.bag() == null ? a.name() : b.name()) + " is not pulled";
        }
        String files = overlap.files().count() == 0
                ? "no file is in both byte for byte, but an image may have been saved again in another form"
                : Count.of(overlap.files().count(), "file") + " in both byte for byte";
        if (!overlap.patients().compared()) {
            return files + "; patients could not be compared, because their ids are unknown or are valid within one"
                    + " dataset only";
        }
        return files
                + (overlap.patients().count() > 0
                        ? "; " + Count.of(overlap.patients().count(), "patient") + " in both, such as "
                                + overlap.patients().listed().get(0).id()
                        : "; no patient is in both"
                                + (OverlapDetector.everyPatientKnown(a, b)
                                        ? ""
                                        : ", as far as they can be read from file names"));
    }

    private static String selection(DatasetUse subject) {
        return subject.only().isEmpty() ? "everything" : "only " + String.join(", ", subject.only());
    }

    private static void role(DatasetUse subject, List<DatasetUse> all, Findings findings) {
        if (!subject.judged() && all.size() > 1) {
            findings.add(
                    Rule.ROLE_UNKNOWN,
                    subject,
                    "leakage from or into " + subject.name() + " cannot be checked: "
                            + (subject.roles().isEmpty()
                                    ? "it has no role"
                                    : "'" + String.join(", ", subject.roles()) + "' is not a known role"),
                    List.of(
                            subject.declared() == null
                                    ? Declaration.FILE + " does not declare it"
                                    : Declaration.FILE + ": " + subject.shown()));
        }
        if (subject.seen() && subject.test()) {
            findings.add(
                    Rule.TRAIN_AND_TEST,
                    subject,
                    subject.name()
                            + " is for both training and testing; whether patients are on both sides was not checked",
                    List.of(Declaration.FILE + ": " + subject.shown() + ", " + selection(subject)));
        }
    }

    /** What was not checked for a test dataset without a known overlap. */
    private static void nothingKnown(DatasetUse test, List<DatasetUse> seen, Findings findings) {
        List<String> unread = new ArrayList<>();
        List<String> unsure = new ArrayList<>();
        for (DatasetUse other : seen) {
            if (test.prints() == null || other.prints() == null) {
                unread.add(other.shown());
            } else if (!OverlapDetector.everyPatientKnown(test, other)) {
                unsure.add(other.shown());
            }
        }
        if (!unread.isEmpty()) {
            findings.unchecked(test.shown() + " against " + String.join(", ", unread)
                    + ": no link between them is known, which proves nothing; their files were not compared,"
                    + " because not all of them are pulled");
        }
        if (!unsure.isEmpty()) {
            findings.unchecked(test.shown() + " against " + String.join(", ", unsure)
                    + ": no link between them is known, and no file is in both byte for byte; the patient of some"
                    + " images is unknown");
        }
    }
}
