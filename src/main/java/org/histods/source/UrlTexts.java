package org.histods.source;

import java.net.URI;
import java.util.AbstractList;
import java.util.List;
import java.util.RandomAccess;

/** URLs that are kept as text and parsed when they are used: a dataset may have many, and a parsed one is four times as large. */
final class UrlTexts extends AbstractList<URI> implements RandomAccess {

    private final String[] texts;

    private UrlTexts(List<URI> uris) {
        this.texts = uris.stream().map(URI::toString).toArray(String[]::new);
    }

    /** The same URLs. */
    static List<URI> of(List<URI> uris) {
        return uris instanceof UrlTexts ? uris : new UrlTexts(uris);
    }

    @Override
    public URI get(int index) {
        return URI.create(texts[index]);
    }

    @Override
    public int size() {
        return texts.length;
    }
}
