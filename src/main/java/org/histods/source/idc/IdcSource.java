package org.histods.source.idc;

import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.histods.concurrent.Parallel;
import org.histods.digest.Algorithm;
import org.histods.manifest.SourceSpec;
import org.histods.problem.Problem;
import org.histods.problem.Problem.Kind;
import org.histods.source.Narrowing;
import org.histods.source.RecordDescription;
import org.histods.source.RemoteFile;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.Source;
import org.histods.source.listing.FileListing;
import org.histods.source.listing.JsonResponse;
import org.histods.source.listing.PinnedFiles;
import org.histods.source.listing.SourceProblems;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.UrlEncoding;
import org.histods.source.s3.S3Bucket;
import org.histods.source.s3.S3Page;
import org.histods.transport.Request;
import org.histods.transport.Transport;
import tools.jackson.databind.JsonNode;

/**
 * The Imaging Data Commons: slides as DICOM in public buckets, one folder per series. The record is a collection's id
 * such as {@code cptac_brca}; {@code tcga_*} is all collections that start with it. A file is
 * {@code <collection>/<patient>/<study>/<series>/<instance UUID>.dcm}.
 */
public final class IdcSource implements Source {

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_-]*\\*?");
    private static final String BUCKET = "idc-open-data";
    private static final String DRS = "https://nci-crdc.datacommons.io/ga4gh/drs/v1/objects/dg.4DFC/";
    private static final String BY = "IDC (DRS)";

    /** Moderate: the DRS service publishes no limit. */
    private static final int PARALLEL_REQUESTS = 4;

    @Override
    public String kind() {
        return "idc";
    }

    @Override
    public Optional<RecordDescription> describe(URI url, Transport transport) throws Problem {
        return IdcDescriber.describe(url, transport);
    }

    /** A listing would take a request for each series of a collection. */
    @Override
    public Optional<SourceSpec> unpinned(SourceSpec spec) {
        return spec.files().isEmpty() ? Optional.empty() : Optional.of(spec.withFiles(List.of()));
    }

    @Override
    public Optional<URI> newest(SourceSpec spec) {
        boolean collection = spec.record().matches("[A-Za-z0-9_-]+") && spec.option("analysis-result") == null;
        return collection ? Optional.of(IdcDescriber.page(spec.record())) : Optional.empty();
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Transport transport) throws Problem {
        return resolve(spec, Narrowing.NONE, transport);
    }

    @Override
    public List<RemoteFile> resolve(SourceSpec spec, Narrowing wanted, Transport transport) throws Problem {
        if (!NAME.matcher(spec.record()).matches()) {
            throw PinnedFiles.fault(spec, "record", "expected the id of a collection, such as cptac_brca");
        }
        boolean drs = drs(spec);
        if (!spec.files().isEmpty()) {
            S3Bucket bucket = new S3Bucket(BUCKET, "", null, null);
            return PinnedFiles.remotes(spec, file -> List.of(bucket.object(PinnedFiles.name(file))));
        }
        String subject = "idc " + spec.record();
        try {
            return listed(spec, subject, drs, wanted, transport);
        } catch (Problem problem) {
            throw problem.message().startsWith(subject)
                    ? problem
                    : SourceProblems.withMessage(problem, subject + ": " + problem.message(), problem.hint());
        }
    }

    private static boolean drs(SourceSpec spec) throws Problem {
        String drs = spec.option("drs");
        if (drs != null && !drs.equals("true") && !drs.equals("false")) {
            throw PinnedFiles.fault(spec, "options.drs", "expected true or false");
        }
        return "true".equals(drs);
    }

    private static List<RemoteFile> listed(
            SourceSpec spec, String subject, boolean drs, Narrowing wanted, Transport transport) throws Problem {
        List<IdcSeries> every = new IdcSelection(spec, subject, transport).series();
        FileListing listing = new FileListing(spec, subject);
        List<Narrowing.Folder> kept = every.stream()
                .map(one -> new Narrowing.Folder(one.path(), one.attributes()))
                .filter(folder -> listing.mayKeepBelow(folder.path()))
                .toList();
        if (kept.isEmpty()) {
            throw PinnedFiles.fault(spec, "include", "it matches none of " + every.size() + " series");
        }
        Set<String> folders =
                wanted.narrow(kept).stream().map(Narrowing.Folder::path).collect(Collectors.toSet());
        List<IdcSeries> all =
                every.stream().filter(one -> folders.contains(one.path())).toList();
        List<List<S3Page.Item>> instances = IdcSeries.instances(all, transport);
        for (int i = 0; i < all.size(); i++) {
            IdcSeries series = all.get(i);
            S3Bucket folder = series.folder();
            for (S3Page.Item item : instances.get(i)) {
                String name = item.key().startsWith(series.uuid() + "/")
                        ? series.path() + item.key().substring(series.uuid().length() + 1)
                        : item.key();
                listing.add(
                        name, List.of(folder.object(item.key())), item.bytes(), item.checksums(), series.attributes());
            }
        }
        if (all.isEmpty()) {
            return List.of();
        }
        List<RemoteFile> files = listing.files();
        return drs ? withDrsChecksum(files, subject, transport) : files;
    }

    /** Adds the MD5 from the DRS service of the Cancer Research Data Commons, with one request per file. */
    private static List<RemoteFile> withDrsChecksum(List<RemoteFile> files, String subject, Transport transport)
            throws Problem {
        return Parallel.map(PARALLEL_REQUESTS, files, file -> withDrsChecksum(file, subject, transport));
    }

    private static RemoteFile withDrsChecksum(RemoteFile file, String subject, Transport transport) throws Problem {
        String uuid = file.path().name().replaceFirst("\\.dcm$", "");
        JsonNode object;
        try {
            object = JsonResponse.read(
                    transport, Request.get(URI.create(DRS + UrlEncoding.segment(uuid))), subject, null);
        } catch (Problem problem) {
            Integer status = SourceProblems.status(problem);
            if (status != null && status == 404) {
                // The service lags behind the newest release.
                return file;
            }
            throw problem;
        }
        Long bytes = JsonResponse.size(object, "size");
        if (bytes != null && file.bytes() != null && !bytes.equals(file.bytes())) {
            throw new Problem(
                    Kind.UPSTREAM_CHANGED,
                    subject + ": " + file.path() + " has " + file.bytes() + " bytes in the bucket and " + bytes
                            + " in the DRS service of the Cancer Research Data Commons");
        }
        List<Stated> checksums = new ArrayList<>();
        for (JsonNode checksum : object.path("checksums").values()) {
            if ("md5".equalsIgnoreCase(JsonResponse.text(checksum, "type"))) {
                checksums.addAll(StatedChecksums.hex(Algorithm.MD5, JsonResponse.text(checksum, "checksum"), BY));
            }
        }
        checksums.addAll(file.checksums());
        Long size = file.bytes() == null ? bytes : file.bytes();
        return file.withBytes(size).withChecksums(checksums);
    }
}
