package org.histods.audit.rules;

import java.util.ArrayList;
import java.util.List;
import org.histods.audit.evidence.DatasetUse;
import org.histods.audit.evidence.UsageEvidence;
import org.histods.audit.finding.Rule;
import org.histods.project.Declaration;

/** Checks that what is used is declared, and that what is declared is known. */
public final class DeclarationRules implements AuditContext.Rules {

    @Override
    public void check(AuditContext context, Findings findings) {
        for (DatasetUse subject : context.subjects()) {
            if (subject.declared() == null) {
                undeclared(context, subject, findings);
            } else {
                declared(subject, findings);
            }
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
