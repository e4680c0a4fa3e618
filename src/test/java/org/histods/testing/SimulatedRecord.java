package org.histods.testing;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A record of a simulated host, and what a pull of it must give.
 *
 * @param address the URL in a browser's address bar
 * @param files the bytes by the paths that they must have
 * @param stated the paths of which the host states a checksum
 */
public record SimulatedRecord(String kind, String address, Map<String, byte[]> files, Set<String> stated) {

    public SimulatedRecord {
        files = new TreeMap<>(files);
        stated = new TreeSet<>(stated);
    }

    static SimulatedRecord of(String kind, String address) {
        return new SimulatedRecord(kind, address, Map.of(), Set.of());
    }

    /** With a file of which the host states a checksum. */
    SimulatedRecord verified(RandomFiles.RandomFile thing) {
        SimulatedRecord more = computed(thing);
        TreeSet<String> paths = new TreeSet<>(stated);
        paths.add(thing.name());
        return new SimulatedRecord(kind, address, more.files, paths);
    }

    /** With a file of which nobody states one. */
    SimulatedRecord computed(RandomFiles.RandomFile thing) {
        TreeMap<String, byte[]> more = new TreeMap<>(files);
        more.put(thing.name(), thing.bytes());
        return new SimulatedRecord(kind, address, more, stated);
    }

    /** Makes a record from a seed and serves it. */
    public interface Host {
        SimulatedRecord simulate(RandomFiles random, SimulatedHosts hosts) throws Exception;
    }

    /** By the kind, with what is special after a blank. */
    public static Map<String, Host> kinds() {
        Map<String, Host> all = new LinkedHashMap<>();
        all.put("zenodo", SimulatedRepositories::zenodo);
        all.put("zenodo elsewhere", SimulatedRepositories::invenio);
        all.put("github folder", SimulatedStores::githubFolder);
        all.put("github release", SimulatedStores::githubRelease);
        all.put("figshare", SimulatedRepositories::figshare);
        all.put("huggingface", SimulatedRepositories::huggingface);
        all.put("google-drive", SimulatedStores::googleDrive);
        all.put("kaggle", SimulatedRepositories::kaggle);
        all.put("dataverse", SimulatedRepositories::dataverse);
        all.put("mendeley", SimulatedRepositories::mendeley);
        all.put("osf", SimulatedRepositories::osf);
        all.put("ckan", SimulatedRepositories::ckan);
        all.put("archive-org", SimulatedRepositories::archiveOrg);
        all.put("grand-challenge", SimulatedRepositories::grandChallenge);
        all.put("s3", SimulatedStores::s3);
        all.put("gcs", SimulatedStores::gcs);
        all.put("gdc", SimulatedStores::gdc);
        all.put("idc", SimulatedStores::idc);
        all.put("tcia", SimulatedStores::tcia);
        all.put("torrent", SimulatedStores::torrent);
        all.put("ftp", SimulatedStores::ftp);
        all.put("http", SimulatedStores::http);
        return all;
    }

    @Override
    public String toString() {
        return kind + " " + address;
    }
}
