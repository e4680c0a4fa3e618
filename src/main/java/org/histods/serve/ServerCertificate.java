package org.histods.serve;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.jetty.util.ssl.SslContextFactory;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/** The certificate of a server and its private key, for TLS. */
public final class ServerCertificate {

    private static final Pattern KEY =
            Pattern.compile("-----BEGIN ([A-Z ]*)PRIVATE KEY-----([^-]*)-----END ", Pattern.DOTALL);

    /** How a key of each kind signs. */
    private static final Map<String, String> SIGNATURES = Map.of("RSA", "SHA256withRSA", "EC", "SHA256withECDSA");

    private final KeyStore store;

    private ServerCertificate(KeyStore store) {
        this.store = store;
    }

    /**
     * Reads PEM files.
     *
     * @param chain the certificate, followed by those of its issuers
     * @param keyFile the private key, in PKCS #8 without a password
     * @throws Problem {@code USAGE} if one cannot be read, or they do not belong together
     */
    public static ServerCertificate read(Path chain, Path keyFile) throws Problem {
        Certificate[] certificates;
        try {
            certificates = CertificateFactory.getInstance("X.509")
                    .generateCertificates(new ByteArrayInputStream(Files.readAllBytes(chain)))
                    .toArray(new Certificate[0]);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + chain, e));
        } catch (GeneralSecurityException e) {
            throw wrong(chain + " has no certificates that can be read: " + e.getMessage(), null, e);
        }
        if (certificates.length == 0) {
            throw wrong(chain + " has no certificate", "it must be a PEM file (BEGIN CERTIFICATE)", null);
        }
        PrivateKey key = key(keyFile);
        try {
            String kind = SIGNATURES.getOrDefault(key.getAlgorithm(), "");
            Signature signature = Signature.getInstance(kind);
            signature.initSign(key);
            byte[] signed = signature.sign();
            signature.initVerify(certificates[0].getPublicKey());
            if (!signature.verify(signed)) {
                throw ofAnother(chain, keyFile, null);
            }
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(null, null);
            store.setKeyEntry("server", key, new char[0], certificates);
            return new ServerCertificate(store);
        } catch (IOException | GeneralSecurityException e) {
            throw ofAnother(chain, keyFile, e);
        }
    }

    private static PrivateKey key(Path file) throws Problem {
        String text;
        try {
            text = Files.readString(file, StandardCharsets.ISO_8859_1);
        } catch (IOException e) {
            throw new Problem(Problem.Kind.USAGE, Problem.because("cannot read " + file, e));
        }
        Matcher pem = KEY.matcher(text);
        if (!pem.find() || !pem.group(1).isEmpty()) {
            throw wrong(
                    file + " has no private key in PKCS #8 without a password (BEGIN PRIVATE KEY)",
                    "convert it with `openssl pkcs8 -topk8 -nocrypt -in " + file + " -out key.pem`",
                    null);
        }
        byte[] encoded;
        try {
            encoded = Base64.getMimeDecoder().decode(pem.group(2));
        } catch (IllegalArgumentException e) {
            throw wrong("the private key in " + file + " is damaged", null, e);
        }
        for (String algorithm : SIGNATURES.keySet()) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(encoded));
            } catch (InvalidKeySpecException e) {
                // A key of another algorithm.
            } catch (GeneralSecurityException e) {
                throw wrong("the private key in " + file + " cannot be used: " + e.getMessage(), null, e);
            }
        }
        throw wrong("the private key in " + file + " is neither of RSA nor of EC", null, null);
    }

    private static Problem ofAnother(Path chain, Path keyFile, @Nullable Exception cause) {
        return wrong(
                "the private key in " + keyFile + " is not that of the first certificate in " + chain,
                "the server's own certificate comes first, then those of its issuers",
                cause);
    }

    private static Problem wrong(String what, @Nullable String hint, @Nullable Exception cause) {
        return new Problem(Problem.Kind.USAGE, what, hint, cause);
    }

    /** For the server's connections; TLS 1.2 and 1.3. */
    SslContextFactory.Server context() {
        SslContextFactory.Server context = new SslContextFactory.Server();
        context.setKeyStore(store);
        context.setKeyStorePassword("");
        context.setKeyManagerPassword("");
        context.setIncludeProtocols("TLSv1.3", "TLSv1.2");
        return context;
    }
}
