package org.histods.objectstore;

import java.net.URI;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.histods.transport.RequestSigner;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.http.ContentStreamProvider;
import software.amazon.awssdk.http.SdkHttpMethod;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.http.auth.spi.signer.SignedRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.identity.spi.AwsSessionCredentialsIdentity;

/** Signs requests as Amazon's SDK does (Signature Version 4), with the SHA-256 of the body, which the server checks. */
final class SigV4Signer implements RequestSigner {

    private final AwsV4HttpSigner signer = AwsV4HttpSigner.create();
    private final AwsCredentialsIdentity identity;
    private final @Nullable String sessionToken;
    private final List<String> secrets;
    private final String region;
    private final Clock clock;

    SigV4Signer(AccessKey key, String region, Clock clock) {
        this.sessionToken = key.sessionToken();
        this.identity = sessionToken == null
                ? AwsCredentialsIdentity.create(key.id(), key.secret())
                : AwsSessionCredentialsIdentity.create(key.id(), key.secret(), sessionToken);
        this.secrets = sessionToken == null ? List.of(key.secret()) : List.of(key.secret(), sessionToken);
        this.region = region;
        this.clock = clock;
    }

    @Override
    public Map<String, String> sign(String method, URI uri, Map<String, String> headers, byte[] body) {
        SdkHttpRequest.Builder plain =
                SdkHttpRequest.builder().method(SdkHttpMethod.fromValue(method)).uri(uri);
        headers.forEach(plain::putHeader);
        SdkHttpRequest request = plain.build();
        SignedRequest signed = signer.sign(r -> r.identity(identity)
                .request(request)
                .payload(ContentStreamProvider.fromByteArrayUnsafe(body))
                .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, "s3")
                .putProperty(AwsV4HttpSigner.REGION_NAME, region)
                // Keys are signed as they are: a key may hold .. or what looks encoded.
                .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, false)
                .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, false)
                .putProperty(AwsV4HttpSigner.PAYLOAD_SIGNING_ENABLED, true)
                .putProperty(HttpSigner.SIGNING_CLOCK, clock));
        Map<String, String> all = new LinkedHashMap<>();
        signed.request().headers().forEach((name, values) -> all.put(name, String.join(",", values)));
        return all;
    }

    @Override
    public List<String> secrets() {
        return secrets;
    }
}
