package org.histods.pull;

import java.util.List;
import org.histods.provenance.LocalContent;

/**
 * The result of matching an offered folder with a dataset.
 *
 * @param groups the files that are taken, by what they were compared with
 * @param missing files of the dataset that the folder does not have, as far as they are known one by one; an archive that must be
 *     fetched as a whole counts as one
 * @param differing files of the folder that have the name of a file of the dataset and other content, as paths below the folder
 * @param unused files of the folder that are not taken for another reason, as paths below the folder
 * @param reasons why the directories of archives could not be used to compare, as sentences
 * @param selection the globs of what was found, if the rest is not fetched; else empty
 */
public record AdoptionReport(
        List<LocalContent.Group> groups,
        List<String> missing,
        List<String> differing,
        List<String> unused,
        List<String> reasons,
        List<String> selection) {

    public AdoptionReport {
        groups = List.copyOf(groups);
        missing = List.copyOf(missing);
        differing = List.copyOf(differing);
        unused = List.copyOf(unused);
        reasons = List.copyOf(reasons);
        selection = List.copyOf(selection);
    }
}
