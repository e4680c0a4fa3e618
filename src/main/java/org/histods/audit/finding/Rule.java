package org.histods.audit.finding;

import java.util.Locale;

/** What an audit looks for; {@code docs/audit.md} has the same table, and a test compares the two. */
public enum Rule {

    // Which datasets
    UNDECLARED_COPY(
            Severity.ERROR,
            "files of a known dataset lie in the project, and histods.yaml does not declare it",
            "`histods add ID --role …` declares it; or delete the files"),
    UNDECLARED_MENTION(
            Severity.WARNING,
            "code or settings name a dataset that histods.yaml does not declare",
            "`histods add ID --role …` if the project uses it"),
    TEXT_MENTION(
            Severity.NOTE,
            "only texts, such as a readme or a paper, name a dataset that histods.yaml does not declare",
            "`histods add ID --role …` if the project uses it; nothing if it is only spoken of"),
    FORMERLY_USED(
            Severity.WARNING,
            "a command ran on a dataset that histods.yaml no longer declares",
            "declare it again if results that you keep rest on it"),
    STRAY_COPY(
            Severity.NOTE,
            "files of a declared dataset lie in the project again, outside the place that it has there",
            "read them from the dataset's own folder, so that what is audited is what is used"),
    UNKNOWN_DATASET(
            Severity.WARNING,
            "the catalogue has no dataset of the declared id, so that nothing is known of it",
            "correct the id, or take the catalogue that has it with --manifests"),

    // What changed since the lock
    NOT_LOCKED(
            Severity.WARNING,
            "a dataset is declared and not in histods.lock: nobody can tell which bytes were used",
            "`histods lock`"),
    LOCKED_NOT_DECLARED(
            Severity.WARNING,
            "a dataset is in histods.lock and not declared",
            "`histods lock` takes it out; `histods add` declares it again"),
    LOCK_DISAGREES(
            Severity.ERROR,
            "histods.yaml wants another version, variant or selection than the lock names",
            "`histods lock` takes into the lock what is declared now"),
    NOT_PULLED(
            Severity.NOTE,
            "the mirror does not hold the dataset, so that its files could not be looked at",
            "`histods sync --locked` brings it; without a lock, `histods sync`"),
    OTHER_BYTES(
            Severity.ERROR,
            "the mirror holds other files than the lock names",
            "`histods sync --locked` says what differs; `histods lock` takes the new bytes"),
    TOUCHED_FILES(
            Severity.WARNING,
            "files in the mirror were touched since their content was last known to be right",
            "`histods verify ID` reads them, `histods verify ID --repair` mends them"),
    CHANGED_FILES(
            Severity.ERROR,
            "files in the mirror are not what the dataset's own record says",
            "`histods verify ID --repair`"),
    MANIFEST_CHANGED(
            Severity.NOTE,
            "the catalogue describes the dataset otherwise than when it was locked",
            "look at what changed; `histods lock` takes it over"),
    VERSION_MOVED(
            Severity.WARNING,
            "the catalogue has another version of the dataset than is locked",
            "keep the catalogue of that time with --manifests, or `histods lock` takes the new version"),
    LICENSE_CHANGED(
            Severity.WARNING,
            "the catalogue states other terms than when the dataset was locked",
            "read the terms; the ones that you took the data under may still hold"),

    // What ran
    OTHER_LOCK(
            Severity.NOTE,
            "commands ran on another lock than the present one",
            "run again what should rest on the present lock"),
    UNCOMMITTED_CODE(
            Severity.WARNING,
            "a command ran on the present lock with code that no commit holds",
            "commit, and run again what results rest on"),
    DAMAGED_USES(
            Severity.WARNING,
            ".histods/uses.jsonl holds lines that are no records",
            "restore the file from git, or take the lines out"),

    // The hosts
    UPSTREAM_CHANGED(
            Severity.WARNING,
            "a host states something else than the manifest pins, or no longer has it",
            "keep your bag (`histods export`): others may not get these bytes any more"),
    UPSTREAM_NEW(
            Severity.NOTE, "a host has files that the manifest does not pin", "see whether a new version came out"),
    UNAVAILABLE(
            Severity.WARNING,
            "the dataset can no longer be had, so that nobody can repeat the work from its source",
            "keep your bag, and say so where you publish"),

    // Terms
    PURPOSE_UNSAID(
            Severity.NOTE,
            "nobody says what the work is for, so that terms cannot be held against it",
            "`purpose: research` in histods.yaml, or --purpose"),
    LICENSE_UNKNOWN(
            Severity.WARNING,
            "no terms are known: without a licence, nothing is permitted",
            "ask its authors, and keep their answer"),
    LICENSE_DOUBTFUL(
            Severity.WARNING,
            "the stated terms are doubtful or contradict each other",
            "read the terms at their source before you rely on them"),
    LICENSE_NOT_JUDGED(
            Severity.WARNING,
            "the terms are not among those that histods can judge",
            "read them, and accept this finding with what you found"),
    NONCOMMERCIAL(
            Severity.ERROR,
            "the terms forbid commercial use, and the purpose is commercial",
            "leave the dataset out, or get other terms from its authors"),
    NO_DERIVATIVES(
            Severity.ERROR,
            "the terms forbid passing on what is derived, and the purpose is redistribution",
            "do not pass on images, masks or tiles made from it, or get other terms from its authors"),
    SHARE_ALIKE(
            Severity.WARNING,
            "what is made from the data and passed on must bear the same terms, and the purpose is redistribution",
            "publish it under the terms that the message names"),
    LICENSE_CLASH(
            Severity.WARNING,
            "the terms of two datasets cannot both be kept in one work that is made from both and passed on",
            "keep what is made from the two apart, or pass nothing on"),
    OBLIGATIONS(
            Severity.NOTE, "what the terms ask for, whatever the purpose", "keep to it where you publish or pass on"),
    PERSONAL_TERMS(
            Severity.NOTE,
            "the data come only to a person who registered, signed or logged in, and that person's terms bind the work",
            "keep what was signed, and let everybody who gets the data sign for themselves"),

    // Citations
    NOT_CITED(
            Severity.WARNING,
            "no text of the project names the dataset's DOI, paper, page or title",
            "`histods cite --format bibtex` writes the entry"),
    CITATION_INCOMPLETE(
            Severity.NOTE,
            "the catalogue knows too little to cite the dataset properly",
            "look on its page for what is missing"),

    // Leakage
    SHARED_FILES(
            Severity.ERROR,
            "training and test data hold the same images",
            "take the shared ones out of one side, perhaps with `only` a split of it, or split anew by patient"),
    SHARED_SLIDES(
            Severity.ERROR,
            "training and test data come from the same slides",
            "take the shared ones out of one side, perhaps with `only` a split of it, or split anew by patient"),
    SHARED_PATIENTS(
            Severity.ERROR,
            "training and test data come from the same patients",
            "take the shared ones out of one side, perhaps with `only` a split of it, or split anew by patient"),
    LIKELY_OVERLAP(
            Severity.WARNING,
            "training and test data probably share something",
            "pull both, so that files and patients can be compared; else treat the test as not independent"),
    POSSIBLE_OVERLAP(
            Severity.NOTE,
            "training and test data may share something: both drew on the same origin",
            "compare the lists of slides or patients if you can get them"),
    ROLE_UNKNOWN(
            Severity.NOTE,
            "the project does not say what a dataset is for, so that leakage cannot be judged",
            "`role: train`, `test`, `validation` or `pretrain` in histods.yaml"),
    UNJUDGED_OVERLAP(
            Severity.WARNING,
            "two datasets share something, and a role is unknown, so that nobody can tell whether it is leakage",
            "say the roles in histods.yaml"),
    TRAIN_AND_TEST(
            Severity.WARNING,
            "one entry is for training and for testing: how it is split is not known here",
            "declare it twice, each with its `only` and its role; or split by patient and accept this finding"),

    // The rest
    KNOWN_PROBLEMS(
            Severity.NOTE, "the catalogue knows of problems that a user must hear of", "read them before you train"),
    UNUSED_ACCEPTANCE(
            Severity.NOTE,
            "an entry under `accepted` in histods.yaml matches no finding",
            "take it out, or correct its rule and datasets");

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

    /** How much its findings weigh. */
    public Severity severity() {
        return severity;
    }

    /** What it means that the rule is broken, in half a sentence. */
    public String meaning() {
        return meaning;
    }

    /** The usual way out. */
    public String remedy() {
        return remedy;
    }
}
