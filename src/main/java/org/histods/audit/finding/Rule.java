package org.histods.audit.finding;

import java.util.Locale;

/** The rules of an audit; {@code docs/audit.md} has the same table, and a test compares the two. */
public enum Rule {

    // Which datasets
    UNDECLARED_COPY(
            Severity.ERROR,
            "files of a known dataset are in the project, but histods.yaml does not declare it",
            "declare it with `histods add ID --role …`, or delete the files"),
    UNDECLARED_MENTION(
            Severity.WARNING,
            "code or settings name a dataset that histods.yaml does not declare",
            "`histods add ID --role …` if the project uses it"),
    TEXT_MENTION(
            Severity.NOTE,
            "only texts, such as a readme or a paper, name a dataset that histods.yaml does not declare",
            "`histods add ID --role …` if the project uses it; nothing if it is only mentioned"),
    UNKNOWN_ADDRESS(
            Severity.NOTE,
            "code gets data from URLs that are not in the catalogue",
            "draft a manifest with `histods manifest new URL`, add it to a catalogue of your own, and declare it"),
    FAMILIAR_NAMES(
            Severity.NOTE,
            "files are named like those of a dataset that histods.yaml does not declare",
            "`histods add ID --role …` if they are from it; `histods pull ID` lets the audit compare their content"),
    FORMERLY_USED(
            Severity.WARNING,
            "a command ran on a dataset that histods.yaml no longer declares",
            "declare it again if you keep results that depend on it"),
    STRAY_COPY(
            Severity.NOTE,
            "there are further files of a declared dataset outside its path in the project",
            "read them from the dataset's own path, so that the audited files are the ones in use"),
    UNKNOWN_DATASET(
            Severity.WARNING,
            "the catalogue has no dataset of the declared id, so nothing is known about it",
            "correct the id, or use the catalogue that has it with --manifests"),

    // What changed since the lock
    NOT_LOCKED(
            Severity.WARNING,
            "a dataset is declared but not in histods.lock, so the files that were used are unknown",
            "`histods lock`"),
    LOCKED_NOT_DECLARED(
            Severity.WARNING,
            "a dataset is in histods.lock but not declared",
            "remove it with `histods lock`, or declare it again with `histods add`"),
    LOCK_DISAGREES(
            Severity.ERROR,
            "histods.yaml declares another version, variant or selection than the lock has",
            "`histods lock` updates the lock to the declaration"),
    NOT_PULLED(
            Severity.NOTE,
            "the dataset is not in the mirror, so its files could not be checked",
            "`histods sync --locked` fetches it; without a lock, `histods sync`"),
    OTHER_BYTES(
            Severity.ERROR,
            "the files in the mirror are not the locked ones",
            "`histods sync --locked` reports the differences; `histods lock` accepts the new files"),
    TOUCHED_FILES(
            Severity.WARNING,
            "files in the mirror were modified since they were last verified",
            "`histods verify ID` checks their content, `histods verify ID --repair` fetches changed ones again"),
    CHANGED_FILES(
            Severity.ERROR,
            "files in the mirror do not match the dataset's own record",
            "`histods verify ID --repair`"),
    MANIFEST_CHANGED(
            Severity.NOTE,
            "the catalogue entry has changed since the lock was written",
            "review the change; `histods lock` accepts it"),
    VERSION_MOVED(
            Severity.WARNING,
            "the catalogue has another version of the dataset than the lock",
            "keep using the old catalogue with --manifests, or accept the new version with `histods lock`"),
    LICENSE_CHANGED(
            Severity.WARNING,
            "the catalogue states other terms than when the lock was written",
            "read the terms; those under which you got the data may still apply"),

    // What ran
    OTHER_LOCK(
            Severity.NOTE,
            "commands ran with another lock than the current one",
            "run the commands again whose results should be based on the current lock"),
    UNCOMMITTED_CODE(
            Severity.WARNING,
            "a command ran with the current lock and with code that is in no commit",
            "commit, and repeat the runs that you publish"),
    DAMAGED_USES(
            Severity.WARNING,
            ".histods/uses.jsonl has lines that are not records",
            "restore the file from git, or delete the lines"),

    // The hosts
    UPSTREAM_CHANGED(
            Severity.WARNING,
            "a host has other values than the manifest pins, or no longer has the file",
            "keep your bag (`histods export`): others may no longer be able to get these files"),
    UPSTREAM_NEW(
            Severity.NOTE,
            "a host has a newer version, or files that the manifest does not pin",
            "`histods outdated` shows what is new"),
    UNAVAILABLE(
            Severity.WARNING,
            "the dataset is no longer available, so nobody can repeat the work from its source",
            "keep your bag, and mention this in your publication"),

    // Terms
    PURPOSE_UNSAID(
            Severity.NOTE,
            "no purpose is declared, so licence terms cannot be checked",
            "set `purpose: research` in histods.yaml, or use --purpose"),
    LICENSE_UNKNOWN(
            Severity.WARNING,
            "no terms are known: without a licence, nothing is permitted",
            "ask the authors, and keep their reply"),
    LICENSE_DOUBTFUL(
            Severity.WARNING,
            "the stated terms are doubtful or contradict each other",
            "read the terms at their source before you rely on them"),
    LICENSE_NOT_JUDGED(
            Severity.WARNING,
            "the terms are not among those that histods can check",
            "read them, and accept this finding with your conclusion"),
    NONCOMMERCIAL(
            Severity.ERROR,
            "the terms forbid commercial use, and the purpose is commercial",
            "leave the dataset out, or get other terms from its authors"),
    NO_DERIVATIVES(
            Severity.ERROR,
            "the terms forbid sharing derived works, and the purpose is redistribution",
            "do not share images, masks or tiles derived from it, or get other terms from its authors"),
    SHARE_ALIKE(
            Severity.WARNING,
            "derived works must be shared under the same terms, and the purpose is redistribution",
            "publish them under the terms that the message names"),
    LICENSE_CLASH(
            Severity.WARNING,
            "the terms of two datasets conflict in a shared work derived from both",
            "keep works derived from the two apart, or do not share them"),
    OBLIGATIONS(Severity.NOTE, "what the terms require for any purpose", "comply when you publish or share"),
    PERSONAL_TERMS(
            Severity.NOTE,
            "access requires registration, a signature or an account, and those terms apply to the work",
            "keep what was signed, and let everyone who gets the data sign for themselves"),

    // Citations
    NOT_CITED(
            Severity.WARNING,
            "no text of the project has the dataset's DOI, paper, page or title",
            "`histods cite --format bibtex` prints the entry"),
    CITATION_INCOMPLETE(
            Severity.NOTE,
            "the catalogue lacks facts for a complete citation of the dataset",
            "look them up on its page"),

    // Leakage
    SHARED_FILES(
            Severity.ERROR,
            "training and test data have the same images",
            "remove the shared ones from one side, perhaps by selecting a split with `only`, or split again by patient"),
    SHARED_SLIDES(
            Severity.ERROR,
            "training and test data come from the same slides",
            "remove the shared ones from one side, perhaps by selecting a split with `only`, or split again by patient"),
    SHARED_PATIENTS(
            Severity.ERROR,
            "training and test data come from the same patients",
            "remove the shared ones from one side, perhaps by selecting a split with `only`, or split again by patient"),
    LIKELY_OVERLAP(
            Severity.WARNING,
            "training and test data probably share something",
            "pull both, so that files and patients can be compared; otherwise do not call the test independent"),
    POSSIBLE_OVERLAP(
            Severity.NOTE,
            "training and test data may share something: both come from the same origin",
            "compare the lists of slides or patients if you can get them"),
    ROLE_UNKNOWN(
            Severity.NOTE,
            "a dataset has no known role, so leakage cannot be checked",
            "set `role: train`, `test`, `validation` or `pretrain` in histods.yaml"),
    UNJUDGED_OVERLAP(
            Severity.WARNING,
            "two datasets share something, and a role is unknown, so this may be leakage",
            "set the roles in histods.yaml"),
    TRAIN_AND_TEST(
            Severity.WARNING,
            "one entry is for both training and testing, and how it is split is unknown",
            "declare it twice, each with its `only` and its role; or split by patient and accept this finding"),

    // The rest
    KNOWN_PROBLEMS(
            Severity.NOTE,
            "the catalogue lists problems of the dataset that users should know",
            "read them before you train"),
    UNUSED_ACCEPTANCE(
            Severity.NOTE,
            "an entry under `accepted` in histods.yaml matches no finding",
            "remove it, or correct its rule and datasets");

    private final Severity severity;
    private final String meaning;
    private final String remedy;

    Rule(Severity severity, String meaning, String remedy) {
        this.severity = severity;
        this.meaning = meaning;
        this.remedy = remedy;
    }

    /** The id in output and in {@code accepted}, such as {@code shared-patients}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The severity of its findings. */
    public Severity severity() {
        return severity;
    }

    /** What a finding of the rule means. */
    public String meaning() {
        return meaning;
    }

    /** How to fix it. */
    public String remedy() {
        return remedy;
    }
}
