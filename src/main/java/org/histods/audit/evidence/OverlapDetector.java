package org.histods.audit.evidence;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.histods.audit.finding.Overlap;
import org.histods.audit.finding.Overlap.Certainty;
import org.histods.audit.finding.Overlap.CommonFile;
import org.histods.audit.finding.Overlap.CommonPatient;
import org.histods.catalogue.LineageGraph;
import org.histods.catalogue.LineageGraph.Chain;
import org.histods.digest.Checksum;
import org.histods.manifest.Lineage.Shared;
import org.histods.problem.Problem;
import org.histods.provenance.BagFile;
import org.jspecify.annotations.Nullable;

/** Finds what two datasets have in common: by the manifests, and by their files if both are pulled. */
public final class OverlapDetector {

    private final LineageGraph lineages;

    public OverlapDetector(LineageGraph lineages) {
        this.lineages = lineages;
    }

    /** What they have in common; null if nothing is known. */
    public @Nullable Overlap of(DatasetUse a, DatasetUse b) throws Problem {
        List<Chain> chains = a.id().equals(b.id()) ? List.of() : lineages.overlaps(a.id(), b.id());
        List<CommonFile> files = new ArrayList<>();
        List<CommonPatient> patients = new ArrayList<>();
        ContentFingerprints inA = a.prints();
        ContentFingerprints inB = b.prints();
        boolean both = inA != null && inB != null;
        boolean patientsCompared = false;
        boolean slides = false;
        if (inA != null && inB != null) {
            files = files(inA, inB);
            boolean own = sameIds(a, b, chains);
            patientsCompared = patients(inA, inB, own, patients);
            slides = own && inA.patients().keySet().stream().allMatch(PatientIds.Id::slide);
        }
        Shared seen =
                !files.isEmpty() ? Shared.FILES : patients.isEmpty() ? null : slides ? Shared.SLIDES : Shared.PATIENTS;
        if (seen != null) {
            return overlap(a, b, seen, Certainty.SEEN, chains, files, patients, patientsCompared);
        }
        if (a.id().equals(b.id())) {
            return same(a, b, both, patientsCompared);
        }
        if (chains.isEmpty()) {
            return null;
        }
        boolean noCommonPatient = patientsCompared && everyPatientKnown(a, b);
        Certainty certainty = certainty(chains.get(0), a.part() || b.part(), noCommonPatient);
        return overlap(a, b, chains.get(0).shares(), certainty, chains, files, patients, patientsCompared);
    }

    /** One dataset twice, judged by its selections if its files could not be compared. */
    private static @Nullable Overlap same(DatasetUse a, DatasetUse b, boolean compared, boolean patientsCompared) {
        if (compared) {
            return null;
        }
        boolean all = a.only().isEmpty() || b.only().isEmpty() || a.only().equals(b.only());
        return overlap(
                a,
                b,
                all ? Shared.FILES : null,
                all ? Certainty.PROVEN : Certainty.POSSIBLE,
                List.of(),
                List.of(),
                List.of(),
                patientsCompared);
    }

    private static Overlap overlap(
            DatasetUse a,
            DatasetUse b,
            @Nullable Shared shares,
            Certainty certainty,
            List<Chain> chains,
            List<CommonFile> files,
            List<CommonPatient> patients,
            boolean patientsCompared) {
        return new Overlap(
                a.name(),
                b.name(),
                shares,
                certainty,
                chains,
                Overlap.Common.of(files, a.prints() != null && b.prints() != null),
                Overlap.Common.of(patients, patientsCompared));
    }

    /** How certain a chain is for these two: links are between whole datasets, and prove nothing about parts or against the files. */
    private static Certainty certainty(Chain chain, boolean part, boolean noCommonPatient) {
        Certainty stated = switch (chain.certainty()) {
            case PROVEN -> part ? Certainty.LIKELY : Certainty.PROVEN;
            case LIKELY -> Certainty.LIKELY;
            case POSSIBLE -> Certainty.POSSIBLE;
        };
        return noCommonPatient && stated == Certainty.LIKELY ? Certainty.POSSIBLE : stated;
    }

    public static boolean everyPatientKnown(DatasetUse a, DatasetUse b) {
        ContentFingerprints inA = a.prints();
        ContentFingerprints inB = b.prints();
        return inA != null && inB != null && inA.everyImageHasPatient() && inB.everyImageHasPatient();
    }

    /**
     * Whether an id that is not a barcode means the same patient in both: in one dataset, or if one is derived from the
     * other and both manifests read ids by the same rule. Two unrelated datasets may each have a patient 0012.
     */
    private static boolean sameIds(DatasetUse a, DatasetUse b, List<Chain> chains) {
        if (a.id().equals(b.id())) {
            return true;
        }
        boolean linked = chains.stream().anyMatch(c -> c.steps().size() == 1 && c.shares() != null);
        return linked
                && new PatientIds(a.manifest().contents().patients())
                        .sameRuleAs(new PatientIds(b.manifest().contents().patients()));
    }

    private static List<CommonFile> files(ContentFingerprints a, ContentFingerprints b) throws Problem {
        if (!a.mayShareFiles(b)) {
            return List.of();
        }
        Map<Checksum, String> inB = new HashMap<>();
        for (BagFile file : b.files()) {
            if (a.mayHave(file.sha256()) && b.mayHave(file.sha256())) {
                inB.putIfAbsent(file.sha256(), file.path().text());
            }
        }
        List<CommonFile> common = new ArrayList<>();
        for (BagFile file : a.files()) {
            String there = inB.get(file.sha256());
            if (there != null && a.mayHave(file.sha256())) {
                common.add(new CommonFile(file.sha256().hex(), file.path().text(), there));
            }
        }
        return common;
    }

    /** Adds the common patients; false if no ids could be compared. */
    private static boolean patients(
            ContentFingerprints a, ContentFingerprints b, boolean own, List<CommonPatient> common) {
        boolean barcodes = any(a, true) && any(b, true);
        a.patients().forEach((id, inA) -> {
            ContentFingerprints.Seen inB = id.everywhere() || own ? b.patients().get(id) : null;
            if (inB != null) {
                common.add(new CommonPatient(id.id(), inA.files(), inB.files(), inA.example(), inB.example()));
            }
        });
        return barcodes || (own && any(a, false) && any(b, false));
    }

    private static boolean any(ContentFingerprints prints, boolean everywhere) {
        return prints.patients().keySet().stream().anyMatch(id -> id.everywhere() == everywhere);
    }
}
