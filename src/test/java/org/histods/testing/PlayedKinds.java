package org.histods.testing;

import java.util.LinkedHashMap;
import java.util.Map;

/** A played host of each kind of source that lists files. */
public final class PlayedKinds {

    private PlayedKinds() {}

    /** By the kind, with what is special after a blank. */
    public static Map<String, PlayedSetup.Host> hosts() {
        Map<String, PlayedSetup.Host> all = new LinkedHashMap<>();
        all.put("zenodo", PlayedRepositories::zenodo);
        all.put("zenodo elsewhere", PlayedRepositories::invenio);
        all.put("github folder", PlayedStores::githubFolder);
        all.put("github release", PlayedStores::githubRelease);
        all.put("figshare", PlayedRepositories::figshare);
        all.put("huggingface", PlayedRepositories::huggingface);
        all.put("google-drive", PlayedStores::googleDrive);
        all.put("kaggle", PlayedRepositories::kaggle);
        all.put("dataverse", PlayedRepositories::dataverse);
        all.put("mendeley", PlayedRepositories::mendeley);
        all.put("osf", PlayedRepositories::osf);
        all.put("ckan", PlayedRepositories::ckan);
        all.put("archive-org", PlayedRepositories::archiveOrg);
        all.put("grand-challenge", PlayedRepositories::grandChallenge);
        all.put("s3", PlayedStores::s3);
        all.put("gcs", PlayedStores::gcs);
        all.put("gdc", PlayedStores::gdc);
        all.put("idc", PlayedStores::idc);
        all.put("tcia", PlayedStores::tcia);
        all.put("torrent", PlayedStores::torrent);
        all.put("ftp", PlayedStores::ftp);
        all.put("http", PlayedStores::http);
        return all;
    }
}
