package org.histods.source.s3;

import java.io.ByteArrayInputStream;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;
import org.histods.digest.Algorithm;
import org.histods.source.RemoteFile.Stated;
import org.histods.source.listing.StatedChecksums;
import org.histods.source.listing.XmlResponse;
import org.jspecify.annotations.Nullable;

/**
 * One page of a bucket's listing ({@code ListBucketResult} of ListObjectsV2), or the host's error instead.
 *
 * @param next token of the next page, null if this is the last
 * @param error the code of the error, such as {@code AccessDenied}; null for a listing
 */
public record S3Page(
        List<Item> items, @Nullable String next, @Nullable String error) {

    private static final String BY = "S3 (ETag)";

    /**
     * A listed object.
     *
     * @param storage the storage class; null if the host does not state it
     */
    public record Item(
            String key,
            @Nullable Long bytes,
            @Nullable String etag,
            @Nullable String storage) {

        /** Whether the owner must restore it from an archive before it can be read. */
        boolean archived() {
            return "GLACIER".equals(storage) || "DEEP_ARCHIVE".equals(storage);
        }

        /** Whether this is one of the empty objects that consoles create for folders. */
        public boolean folder() {
            return key.endsWith("/") && (bytes == null || bytes == 0);
        }

        /**
         * The checksum in the entity tag. It is the MD5 of an object that was uploaded in one part, unless it is encrypted
         * with the owner's key; such objects cannot be read without an account. Other servers put anything into the tag.
         */
        public List<Stated> checksums() {
            Algorithm algorithm = etag == null || etag.indexOf('-') < 0 ? Algorithm.MD5 : Algorithm.S3_ETAG;
            return StatedChecksums.hex(algorithm, etag, BY);
        }
    }

    /** A listing of S3 that contradicts itself, or S3's documentation. */
    static final class ListingFault extends XMLStreamException {

        private static final long serialVersionUID = 1;

        ListingFault(String fault) {
            super(fault);
        }
    }

    /**
     * @throws ListingFault if it is a listing that cannot be used
     * @throws XMLStreamException if this is neither a listing nor an error of S3
     */
    static S3Page parse(byte[] body) throws XMLStreamException {
        XMLStreamReader reader = XmlResponse.reader(new ByteArrayInputStream(body));
        try {
            return new Reading(reader).page();
        } finally {
            reader.close();
        }
    }

    /** Reads the fields of a page. */
    private static final class Reading {
        /** A listing has three levels. */
        private static final int DEEPEST = 20;

        private static final String CONTENTS = "ListBucketResult/Contents";

        private final XMLStreamReader reader;
        private final List<Item> items = new ArrayList<>();
        private boolean encoded;
        private boolean truncated;
        private @Nullable String next;
        private @Nullable String error;
        private @Nullable String key;
        private @Nullable Long bytes;
        private @Nullable String etag;
        private @Nullable String storage;

        Reading(XMLStreamReader reader) {
            this.reader = reader;
        }

        S3Page page() throws XMLStreamException {
            reader.nextTag();
            String root = reader.getLocalName();
            if (!root.equals("ListBucketResult") && !root.equals("Error")) {
                throw new XMLStreamException("<" + root + ">, expected <ListBucketResult>");
            }
            Deque<String> open = new ArrayDeque<>(List.of(root));
            while (reader.hasNext()) {
                int event = reader.next();
                if (event == XMLStreamConstants.START_ELEMENT) {
                    String at = open.getLast() + "/" + reader.getLocalName();
                    if (!read(at)) {
                        open.addLast(at);
                    }
                    if (open.size() > DEEPEST) {
                        throw new ListingFault("elements are nested too deeply");
                    }
                } else if (event == XMLStreamConstants.END_ELEMENT
                        && open.removeLast().equals(CONTENTS)) {
                    finished();
                }
            }
            if (truncated && next == null) {
                throw new ListingFault("more objects follow, and there is no token to continue with");
            }
            List<Item> decoded = new ArrayList<>();
            for (Item item : items) {
                decoded.add(decoded(item));
            }
            return new S3Page(List.copyOf(decoded), truncated ? next : null, error);
        }

        /** Reads the field at that path with its end tag, if it is known. */
        private boolean read(String at) throws XMLStreamException {
            switch (at) {
                case "ListBucketResult/EncodingType" ->
                    encoded = reader.getElementText().equals("url");
                case "ListBucketResult/IsTruncated" ->
                    truncated = reader.getElementText().equals("true");
                case "ListBucketResult/NextContinuationToken" -> next = reader.getElementText();
                case "Error/Code" -> error = reader.getElementText();
                case CONTENTS + "/Key" -> key = reader.getElementText();
                case CONTENTS + "/Size" -> bytes = size(reader.getElementText());
                case CONTENTS + "/ETag" -> etag = reader.getElementText().replace("\"", "");
                case CONTENTS + "/StorageClass" -> storage = reader.getElementText();
                default -> {
                    return false;
                }
            }
            return true;
        }

        private void finished() throws XMLStreamException {
            if (key == null) {
                throw new ListingFault("an object has no key");
            }
            items.add(new Item(key, bytes, etag, storage));
            key = null;
            bytes = null;
            etag = null;
            storage = null;
        }

        /** Decodes the key as in a form: a plus sign is a space. The response states the encoding after the keys. */
        private Item decoded(Item item) throws ListingFault {
            if (!encoded) {
                return item;
            }
            try {
                String decoded = URLDecoder.decode(item.key(), StandardCharsets.UTF_8);
                return new Item(decoded, item.bytes(), item.etag(), item.storage());
            } catch (IllegalArgumentException e) {
                throw new ListingFault("the key '" + item.key()
                        + "' is not URL-encoded as the listing states: two hexadecimal digits must follow each %");
            }
        }

        private static Long size(String text) throws ListingFault {
            try {
                long size = Long.parseLong(text.strip());
                if (size < 0) {
                    throw new NumberFormatException(text);
                }
                return size;
            } catch (NumberFormatException e) {
                throw new ListingFault("'" + text + "' is not a size");
            }
        }
    }
}
