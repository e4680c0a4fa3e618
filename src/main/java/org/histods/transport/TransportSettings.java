package org.histods.transport;

import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The configuration of a {@link HttpTransport}.
 *
 * @param version of histods, for the user agent
 * @param routes which hosts are replaced by others, and which may be used over plain http
 * @param allowPrivate hosts of this network that a public host may redirect to
 * @param policies limits for each host
 * @param credentials for each host
 * @param proxies from the environment
 * @param caFiles CA certificates that are trusted besides Java's
 * @param stateDir where processes share the hosts' limits; null for this process alone
 * @param offline whether every request fails at once
 * @param retryPolicy how often to try and how long to wait
 * @param ascp where IBM's {@code ascp} is
 */
public record TransportSettings(
        String version,
        HostRewrites routes,
        Set<String> allowPrivate,
        HostPolicies policies,
        Credentials credentials,
        Proxies proxies,
        List<CaFile> caFiles,
        @Nullable Path stateDir,
        boolean offline,
        RetryPolicy retryPolicy,
        AscpInstallation ascp) {

    public TransportSettings {
        allowPrivate = Set.copyOf(allowPrivate);
        caFiles = List.copyOf(caFiles);
    }

    /** No rewrites, credentials or proxies; limits are not shared with other processes. */
    public static TransportSettings defaults(String version) {
        return new TransportSettings(
                version,
                HostRewrites.none(),
                Set.of(),
                HostPolicies.none(),
                Credentials.none(),
                Proxies.none(),
                List.of(),
                null,
                false,
                RetryPolicy.defaults(),
                AscpInstallation.none());
    }

    public TransportSettings withRoutes(HostRewrites other) {
        return new TransportSettings(
                version,
                other,
                allowPrivate,
                policies,
                credentials,
                proxies,
                caFiles,
                stateDir,
                offline,
                retryPolicy,
                ascp);
    }

    public TransportSettings withAllowPrivate(Set<String> other) {
        return new TransportSettings(
                version, routes, other, policies, credentials, proxies, caFiles, stateDir, offline, retryPolicy, ascp);
    }

    public TransportSettings withPolicies(HostPolicies other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                other,
                credentials,
                proxies,
                caFiles,
                stateDir,
                offline,
                retryPolicy,
                ascp);
    }

    public TransportSettings withCredentials(Credentials other) {
        return new TransportSettings(
                version, routes, allowPrivate, policies, other, proxies, caFiles, stateDir, offline, retryPolicy, ascp);
    }

    public TransportSettings withProxies(Proxies other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                policies,
                credentials,
                other,
                caFiles,
                stateDir,
                offline,
                retryPolicy,
                ascp);
    }

    public TransportSettings withCaFiles(List<CaFile> other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                policies,
                credentials,
                proxies,
                other,
                stateDir,
                offline,
                retryPolicy,
                ascp);
    }

    public TransportSettings withStateDir(@Nullable Path other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                policies,
                credentials,
                proxies,
                caFiles,
                other,
                offline,
                retryPolicy,
                ascp);
    }

    public TransportSettings withOffline(boolean other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                policies,
                credentials,
                proxies,
                caFiles,
                stateDir,
                other,
                retryPolicy,
                ascp);
    }

    public TransportSettings withRetryPolicy(RetryPolicy other) {
        return new TransportSettings(
                version, routes, allowPrivate, policies, credentials, proxies, caFiles, stateDir, offline, other, ascp);
    }

    public TransportSettings withAscp(AscpInstallation other) {
        return new TransportSettings(
                version,
                routes,
                allowPrivate,
                policies,
                credentials,
                proxies,
                caFiles,
                stateDir,
                offline,
                retryPolicy,
                other);
    }
}
