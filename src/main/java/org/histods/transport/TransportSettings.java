package org.histods.transport;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link HttpTransport} is told once.
 *
 * @param version of histods, for the user agent
 * @param routes which hosts are asked elsewhere, and where plain http is allowed
 * @param policies how each host wants to be treated
 * @param credentials what proves to a host who asks
 * @param proxies through what to go out
 * @param caFile certificates (PEM) that are trusted besides the usual ones; null for none
 * @param stateDir where processes tell each other what the hosts asked for; null for only this process
 * @param offline true to fail every request at once
 * @param patience how long and how often to try
 * @param aspera where IBM's program for FASP is
 */
public record TransportSettings(
        String version,
        HostRewrites routes,
        HostPolicies policies,
        Credentials credentials,
        Proxies proxies,
        @Nullable Path caFile,
        @Nullable Path stateDir,
        boolean offline,
        RetryPolicy patience,
        AscpInstallation aspera) {

    /** Straight to every host, no credentials, nothing shared with other processes. */
    public static TransportSettings defaults(String version) {
        return new TransportSettings(
                version,
                HostRewrites.none(),
                HostPolicies.none(),
                Credentials.none(),
                Proxies.none(),
                null,
                null,
                false,
                RetryPolicy.usual(),
                AscpInstallation.none());
    }

    public TransportSettings withRoutes(HostRewrites other) {
        return new TransportSettings(
                version, other, policies, credentials, proxies, caFile, stateDir, offline, patience, aspera);
    }

    public TransportSettings withPolicies(HostPolicies other) {
        return new TransportSettings(
                version, routes, other, credentials, proxies, caFile, stateDir, offline, patience, aspera);
    }

    public TransportSettings withCredentials(Credentials other) {
        return new TransportSettings(
                version, routes, policies, other, proxies, caFile, stateDir, offline, patience, aspera);
    }

    public TransportSettings withProxies(Proxies other) {
        return new TransportSettings(
                version, routes, policies, credentials, other, caFile, stateDir, offline, patience, aspera);
    }

    public TransportSettings withCaFile(@Nullable Path other) {
        return new TransportSettings(
                version, routes, policies, credentials, proxies, other, stateDir, offline, patience, aspera);
    }

    public TransportSettings withStateDir(@Nullable Path other) {
        return new TransportSettings(
                version, routes, policies, credentials, proxies, caFile, other, offline, patience, aspera);
    }

    public TransportSettings withOffline(boolean other) {
        return new TransportSettings(
                version, routes, policies, credentials, proxies, caFile, stateDir, other, patience, aspera);
    }

    public TransportSettings withPatience(RetryPolicy other) {
        return new TransportSettings(
                version, routes, policies, credentials, proxies, caFile, stateDir, offline, other, aspera);
    }

    public TransportSettings withAspera(AscpInstallation other) {
        return new TransportSettings(
                version, routes, policies, credentials, proxies, caFile, stateDir, offline, patience, other);
    }
}
