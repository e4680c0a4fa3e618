package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.evidence.ContentFingerprints;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.finding.Rule;
import org.histods.dataset.DatasetVersion;
import org.histods.digest.FilePath;
import org.histods.manifest.ManifestFile;
import org.histods.mirror.BagRef;
import org.histods.mirror.Mirror;
import org.histods.problem.Problem;
import org.histods.project.Declaration;
import org.histods.project.Declaration.Declared;
import org.histods.project.Lock;
import org.histods.project.Lock.Locked;
import org.histods.provenance.Bag;
import org.histods.provenance.BagVerifier;
import org.histods.text.Count;
import org.histods.text.TerminalText;
import org.jspecify.annotations.Nullable;

/** Finds differences between declaration, lock, mirror and catalogue. */
public final class LockRules implements AuditContext.Rules {

    private static final int LISTED = 20;

    private final Mirror mirror;
    private final BagVerifier verifier;
    private final boolean readAll;

    /** @param readAll whether to read every file of the bags; otherwise sizes and times are compared */
    public LockRules(Mirror mirror, BagVerifier verifier, boolean readAll) {
        this.mirror = mirror;
        this.verifier = verifier;
        this.readAll = readAll;
    }

    @Override
    public void check(AuditContext context, Findings findings) throws Problem {
        List<BagRef> checked = new ArrayList<>();
        List<DatasetUse> unlocked = new ArrayList<>();
        List<DatasetUse> missing = new ArrayList<>();
        for (DatasetUse subject : context.subjects()) {
            Declared declared = subject.declared();
            Locked locked = subject.locked();
            if (locked != null) {
                locked(subject, declared, locked, findings);
            } else if (declared != null) {
                unlocked.add(subject);
            }
            Bag bag = subject.bag();
            if (bag != null && checked.stream().noneMatch(bag.ref()::equals)) {
                checked.add(bag.ref());
                bag(subject, bag, findings);
            } else if (bag == null && subject.catalogue() == null && locked == null && declared != null) {
                findings.unchecked(
                        subject.name() + ": its files and patients, because the mirror has no " + subject.id());
            } else if (bag == null && (declared != null || locked != null)) {
                missing.add(subject);
            }
        }
        unlocked(context, unlocked, findings);
        missing(missing, findings);
    }

    private static void unlocked(AuditContext context, List<DatasetUse> unlocked, Findings findings) {
        if (!unlocked.isEmpty() && context.lock().isEmpty()) {
            findings.add(
                    Rule.NOT_LOCKED,
                    AuditContext.names(unlocked),
                    "the project has no lock",
                    List.of("there is no " + Lock.FILE + " beside " + Declaration.FILE));
            return;
        }
        for (DatasetUse subject : unlocked) {
            findings.add(
                    Rule.NOT_LOCKED,
                    subject,
                    subject.name() + " is declared but not locked",
                    List.of(Lock.FILE + " does not have it"));
        }
    }

    private static void missing(List<DatasetUse> missing, Findings findings) {
        if (!missing.isEmpty()) {
            findings.add(
                    Rule.NOT_PULLED,
                    AuditContext.names(missing),
                    "files and patients of " + String.join(", ", AuditContext.names(missing))
                            + " were not checked: not in the mirror",
                    missing.stream()
                            .map(s -> "the mirror has no " + s.id() + " " + s.version())
                            .distinct()
                            .toList());
        }
    }

    private static void locked(DatasetUse subject, @Nullable Declared declared, Locked locked, Findings findings) {
        String name = subject.name();
        boolean sameFiles = true;
        if (declared == null) {
            findings.add(
                    Rule.LOCKED_NOT_DECLARED,
                    subject,
                    name + " is locked but not declared",
                    List.of(Lock.FILE + " has " + locked.id() + " " + locked.version() + ", fingerprint "
                            + locked.fingerprint()));
        } else {
            List<String> differences = differences(subject, declared, locked);
            sameFiles = differences.isEmpty();
            if (!sameFiles) {
                findings.add(
                        Rule.LOCK_DISAGREES,
                        subject,
                        Declaration.FILE + " declares another " + name + " than " + Lock.FILE + " has",
                        differences);
            }
        }
        ContentFingerprints prints = subject.prints();
        // The fingerprint is that of the declared files, so other declared files say nothing about the mirror.
        if (sameFiles && prints != null && !prints.fingerprint().equals(locked.fingerprint())) {
            findings.add(
                    Rule.OTHER_BYTES,
                    subject,
                    "the files of " + name + " in the mirror are not the locked ones",
                    List.of("locked: fingerprint " + locked.fingerprint(), "in the mirror: " + prints.fingerprint()));
        }
        catalogue(subject, locked, findings);
    }

    private static List<String> differences(DatasetUse subject, Declared declared, Locked locked) {
        List<String> differences = new ArrayList<>();
        if (!subject.id().equals(locked.id())) {
            differences.add("declared: " + subject.id() + ", locked: " + locked.id());
        }
        if (declared.version() != null && !declared.version().equals(locked.version())) {
            differences.add("declared: version " + declared.version() + ", locked: " + locked.version());
        }
        if (declared.variant() != null && !declared.variant().equals(locked.variant())) {
            differences.add("declared: variant " + declared.variant() + ", locked: " + locked.variant());
        }
        if (!declared.only().equals(locked.only())) {
            differences.add("declared: only " + declared.only() + ", locked: " + locked.only());
        }
        return differences;
    }

    private static void catalogue(DatasetUse subject, Locked locked, Findings findings) {
        ManifestFile now = subject.catalogue();
        if (now == null) {
            return;
        }
        DatasetVersion version = now.manifest().version();
        if (!version.equals(locked.version())) {
            findings.add(
                    Rule.VERSION_MOVED,
                    subject,
                    "the catalogue has another version of " + subject.id() + " than the lock",
                    List.of("locked: " + locked.version(), "in the catalogue: " + version));
        } else if (!now.sha256().equals(locked.stated().manifest())) {
            findings.add(
                    Rule.MANIFEST_CHANGED,
                    subject,
                    "the catalogue entry of " + subject.id() + " has changed since the lock was written",
                    List.of("locked: " + locked.stated().manifest(), "in the catalogue: " + now.sha256()));
        }
        String license = TerminalText.oneLine(now.manifest().terms().license().shown());
        if (!license.equals(TerminalText.oneLine(locked.stated().license()))) {
            findings.add(
                    Rule.LICENSE_CHANGED,
                    subject,
                    "the catalogue states other terms for " + subject.id() + " than when the lock was written",
                    List.of("locked: " + locked.stated().license(), "in the catalogue: " + license));
        }
    }

    private void bag(DatasetUse subject, Bag bag, Findings findings) throws Problem {
        BagRef ref = bag.ref();
        BagVerifier.Level level = readAll ? BagVerifier.Level.FULL : BagVerifier.Level.QUICK;
        BagVerifier.Report report = verifier.verify(bag, mirror.stamps(ref), level, n -> {});
        if (!readAll && report.read() < report.files()) {
            findings.unchecked(ref.id() + ": the content of " + Count.of(report.files() - report.read(), "file")
                    + " in the mirror was not read, only sizes and times were compared; --verify reads it");
        }
        if (report.record().isEmpty()) {
            bag.unconfirmedEnds()
                    .forEach((path, end) ->
                            findings.unchecked(ref.id() + ": " + TerminalText.safeLine(path) + ": " + end));
        }
        if (report.ok()) {
            return;
        }
        List<String> evidence = new ArrayList<>();
        list(
                readAll ? "changed: " : "modified: ",
                report.changed().stream().map(FilePath::text).toList(),
                evidence);
        list("missing: ", report.missing().stream().map(FilePath::text).toList(), evidence);
        list("not part of the dataset: ", report.extra(), evidence);
        list("record: ", report.record(), evidence);
        boolean certain = readAll || !report.missing().isEmpty();
        findings.add(
                certain ? Rule.CHANGED_FILES : Rule.TOUCHED_FILES,
                subject,
                certain
                        ? "the files of " + subject.id() + " in the mirror do not match its record"
                        : "files of " + subject.id()
                                + " in the mirror were modified, so their content may have changed",
                evidence);
    }

    private static void list(String what, List<String> all, List<String> evidence) {
        all.stream().limit(LISTED).forEach(one -> evidence.add(what + one));
        if (all.size() > LISTED) {
            evidence.add(what + "and " + (all.size() - LISTED) + " more");
        }
    }
}
