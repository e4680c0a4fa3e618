package org.histods.transport;

import java.net.URI;
import java.util.List;
import java.util.Map;

/** Signs requests, each just before it is sent, so that a retry has a new signature. Safe for use by several threads. */
public interface RequestSigner {

    /**
     * The headers of the signed request.
     *
     * @param uri the URL as it is sent
     * @param headers those of the request
     * @param body empty for none
     */
    Map<String, String> sign(String method, URI uri, Map<String, String> headers, byte[] body);

    /** What a message must never show. */
    List<String> secrets();
}
