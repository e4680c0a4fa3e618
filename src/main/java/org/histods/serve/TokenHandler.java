package org.histods.serve;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Accepts only requests with the token: from programs as {@code Bearer}, from browsers as the password of any user. The health
 * check needs no token.
 */
final class TokenHandler extends Handler.Wrapper {

    private final byte[] token;

    TokenHandler(String token, Handler next) {
        super(next);
        this.token = token.getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        String sent = sent(request.getHeaders().get(HttpHeader.AUTHORIZATION));
        boolean right = sent != null && MessageDigest.isEqual(token, sent.getBytes(StandardCharsets.UTF_8));
        if (right || request.getHttpURI().getPath().equals("/health")) {
            return super.handle(request, response, callback);
        }
        response.getHeaders()
                .put(HttpHeader.WWW_AUTHENTICATE, "Basic realm=\"histods: any user, the token as password\"");
        Response.writeError(request, response, callback, 401, "this mirror needs a token");
        return true;
    }

    private static @Nullable String sent(@Nullable String header) {
        if (header == null) {
            return null;
        }
        if (header.regionMatches(true, 0, "Bearer ", 0, 7)) {
            return header.substring(7).strip();
        }
        if (header.regionMatches(true, 0, "Basic ", 0, 6)) {
            try {
                String pair = new String(
                        Base64.getDecoder().decode(header.substring(6).strip()), StandardCharsets.UTF_8);
                return pair.substring(pair.indexOf(':') + 1);
            } catch (IllegalArgumentException e) {
                return null;
            }
        }
        return null;
    }
}
