package org.histods.unpack;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Collection;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.histods.problem.Problem;
import org.jspecify.annotations.Nullable;

/**
 * Decodes entry names. Zip and tar keep bytes and often do not state a charset: it is UTF-8 if that is stated or the
 * bytes are valid UTF-8, else the charset that the manifest names, else a guess: code page 437 in a zip, which is the default
 * of that format, and Latin-1 in a tar, which was made on Unix.
 */
final class EntryNameDecoder {

    private static final Charset CP437 = Charset.forName("IBM437");

    private final @Nullable Charset charset;
    private final boolean charsetFirst;
    private final Charset usual;

    /** The first name that was read in the usual charset because nothing says which it is in; null if there is none. */
    private final AtomicReference<@Nullable String> guessed;

    private EntryNameDecoder(
            @Nullable Charset charset, boolean charsetFirst, Charset usual, AtomicReference<@Nullable String> guessed) {
        this.charset = charset;
        this.charsetFirst = charsetFirst;
        this.usual = usual;
        this.guessed = guessed;
    }

    /** @throws Problem USAGE if Java does not know the charset */
    static EntryNameDecoder ofZip(@Nullable String charset) throws Problem {
        return of(charset, CP437);
    }

    /** @throws Problem USAGE if Java does not know the charset */
    static EntryNameDecoder ofTar(@Nullable String charset) throws Problem {
        return of(charset, StandardCharsets.ISO_8859_1);
    }

    private static EntryNameDecoder of(@Nullable String charset, Charset usual) throws Problem {
        try {
            return new EntryNameDecoder(
                    charset == null ? null : Charset.forName(charset), false, usual, new AtomicReference<>());
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            throw new Problem(
                    Problem.Kind.USAGE,
                    "unknown charset '" + charset + "' in unpack.charset",
                    "use an IANA name, such as GBK, Shift_JIS or windows-1252");
        }
    }

    /**
     * The decoder for an archive with these names that are not stated to be UTF-8. GBK is valid UTF-8 by accident now and
     * then: one name that is not shows that none of them is UTF-8.
     */
    EntryNameDecoder forAll(Collection<byte[]> unstated) {
        boolean mixed =
                charset != null && unstated.stream().anyMatch(raw -> decode(raw, StandardCharsets.UTF_8) == null);
        return new EntryNameDecoder(charset, mixed, usual, guessed);
    }

    /** The name, or null if these bytes are invalid in the charset that the manifest names. */
    @Nullable
    String read(byte[] raw, boolean utf8) {
        if (charsetFirst && charset != null && !utf8) {
            String name = decode(raw, charset);
            if (name != null) {
                return name;
            }
        }
        String name = decode(raw, StandardCharsets.UTF_8);
        if (name != null) {
            return name;
        }
        if (charset != null) {
            return decode(raw, charset);
        }
        String guess = decode(raw, usual);
        guessed.compareAndSet(null, guess);
        return guess;
    }

    /** What the user should know of the names that were read; empty if nothing was guessed. */
    Optional<String> note() {
        return Optional.ofNullable(guessed.get())
                .map(name -> "names in it are not UTF-8 and state no character set; they are read as "
                        + (usual.equals(CP437) ? "code page 437" : "Latin-1") + ", such as '" + name
                        + "'; if that is wrong, unpack.charset in the manifest says which it is");
    }

    /** Whether these names separate folders by backslashes, as on Windows: some hold one, and none a slash. */
    static boolean windowsSeparators(Stream<String> names) {
        boolean[] backslash = {false};
        boolean noSlash = names.noneMatch(name -> {
            backslash[0] |= name.indexOf('\\') >= 0;
            return name.indexOf('/') >= 0;
        });
        return noSlash && backslash[0];
    }

    private static @Nullable String decode(byte[] raw, Charset charset) {
        try {
            return charset.newDecoder().decode(ByteBuffer.wrap(raw)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
