package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.evidence.NameSearch;
import org.histods.audit.evidence.UsageEvidence;
import org.histods.audit.finding.FilePosition;
import org.histods.audit.finding.Rule;
import org.histods.dataset.DatasetId;
import org.histods.project.Declaration;
import org.histods.text.Count;

/** Checks that what is used is declared, and that what is declared is known. */
public final class DeclarationRules implements AuditContext.Rules {

    /** The most datasets, or places, that one line of evidence names. */
    private static final int SHOWN = 4;

    @Override
    public void check(AuditContext context, Findings findings) {
        for (DatasetUse subject : context.subjects()) {
            if (subject.declared() == null) {
                undeclared(context, subject, findings);
            } else {
                declared(subject, findings);
            }
        }
        addresses(context, findings);
        names(context, findings);
    }

    private static void addresses(AuditContext context, Findings findings) {
        List<String> evidence = new ArrayList<>();
        List<FilePosition> all = new ArrayList<>();
        context.found().unknown().forEach((address, places) -> {
            all.addAll(places);
            evidence.add(places.stream().limit(SHOWN).map(FilePosition::shown).collect(Collectors.joining(", "))
                    + (places.size() > SHOWN ? ", …" : "") + " has " + address
                    + "; `histods manifest new '" + address + "'` drafts a manifest, `histods pull '" + address
                    + "'` also pulls it, or says how to get it by hand");
        });
        if (!evidence.isEmpty()) {
            findings.add(
                    Rule.UNKNOWN_ADDRESS,
                    List.of(),
                    "code gets data from " + Count.of(evidence.size(), "place")
                            + " not in the catalogue, so nothing is known about "
                            + (evidence.size() == 1 ? "it" : "them"),
                    evidence,
                    all);
        }
    }

    private static void names(AuditContext context, Findings findings) {
        for (NameSearch.Named named : context.found().named()) {
            if (context.subjects().stream()
                    .anyMatch(s -> s.used() && named.ids().contains(s.id()))) {
                continue;
            }
            List<String> ids = named.ids().stream().map(DatasetId::text).toList();
            String which = ids.size() <= SHOWN
                    ? String.join(" or ", ids)
                    : String.join(", ", ids.subList(0, SHOWN)) + " or " + (ids.size() - SHOWN) + " other datasets";
            findings.add(
                    Rule.FAMILIAR_NAMES,
                    ids,
                    Count.of(named.files(), "file") + (named.files() == 1 ? " is" : " are") + " named as those of "
                            + which,
                    List.of(named.example()
                            + (named.files() == 1 ? "" : " and " + (named.files() - 1) + " more")
                            + " are named as the catalogue describes files of " + which
                            + "; a name is weaker evidence than content, because anybody can give it"),
                    List.of(FilePosition.file(named.example())));
        }
    }

    private static void undeclared(AuditContext context, DatasetUse subject, Findings findings) {
        String name = subject.name();
        List<String> there = new ArrayList<>(subject.words(UsageEvidence.Kind.LINK));
        there.addAll(subject.words(UsageEvidence.Kind.COPY));
        String not = context.declares()
                ? Declaration.FILE + " does not declare it"
                : "the folder has no " + Declaration.FILE + ", so nothing is declared";
        if (!there.isEmpty()) {
            findings.add(Rule.UNDECLARED_COPY, subject, "files of " + name + " are in the project, but " + not, there);
        } else if (subject.has(UsageEvidence.Kind.CODE)) {
            findings.add(
                    Rule.UNDECLARED_MENTION,
                    subject,
                    "code or settings name " + name + ", but " + not,
                    subject.words(UsageEvidence.Kind.CODE));
        } else if (subject.has(UsageEvidence.Kind.TEXT)) {
            findings.add(
                    Rule.TEXT_MENTION,
                    subject,
                    "texts of the project name " + name + ", but " + not,
                    subject.words(UsageEvidence.Kind.TEXT));
        }
        if (subject.has(UsageEvidence.Kind.RUN)) {
            findings.add(
                    Rule.FORMERLY_USED,
                    subject,
                    "a command ran on " + name + ", but " + not,
                    subject.words(UsageEvidence.Kind.RUN));
        }
    }

    private static void declared(DatasetUse subject, Findings findings) {
        if (subject.catalogue() == null) {
            findings.add(
                    Rule.UNKNOWN_DATASET,
                    subject,
                    "the catalogue has no dataset " + subject.id(),
                    subject.words(UsageEvidence.Kind.DECLARED));
        }
        if (subject.nothingKnown()) {
            findings.unchecked(subject.name()
                    + ": its terms, origins, problems and citation, because nothing is known about a dataset "
                    + subject.id());
        }
        List<String> copies = subject.words(UsageEvidence.Kind.COPY);
        if (!copies.isEmpty()) {
            findings.add(Rule.STRAY_COPY, subject, "files of " + subject.name() + " are in other folders too", copies);
        }
    }
}
