package org.histods.source.manual;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.histods.manifest.PinnedFile;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.Source;
import org.histods.text.Count;
import org.histods.transport.Transport;

/**
 * Files that can only be downloaded by hand: behind a form, an e-mail, or an account that histods does not support.
 * Nothing can be listed; the files are passed with {@code --from}.
 */
public final class ManualSource implements Source {

    private static final int MAX_SHOWN = 20;

    private final String kind;

    /** @param kind {@code manual} for a form or an e-mail, {@code credential} for an account */
    public ManualSource(String kind) {
        this.kind = kind;
    }

    @Override
    public String kind() {
        return kind;
    }

    @Override
    public boolean byHand() {
        return true;
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        Optional<RecordDescription> dryad = DryadDescriber.describe(url, transport);
        return dryad.isPresent() ? dryad : ManualDescriber.describe(url, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        String where = spec.record().isEmpty() ? "" : " from " + spec.record();
        List<String> names = spec.files().stream().map(PinnedFile::path).toList();
        String what = names.isEmpty() ? "" : "; expected: " + Count.shortened(names, MAX_SHOWN);
        throw new Problem(
                Kind.PERSON,
                "this dataset must be downloaded by hand" + where + what,
                "download the files, then run histods pull with --from FILE…");
    }
}
