package org.histods.objectstore;

import org.jspecify.annotations.Nullable;

/**
 * The credentials of an account at an object store.
 *
 * @param sessionToken of temporary credentials; null for none
 * @param from where they were found, for messages
 */
public record AccessKey(String id, String secret, @Nullable String sessionToken, String from) {

    @Override
    public String toString() {
        return id + " (from " + from + ")";
    }
}
