package org.histods.audit.rules;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Permissions and conditions of licences by SPDX identifier, from the table {@code licences.tsv}. Other licences are
 * not judged.
 */
final class LicenseTerms {

    /**
     * The terms of one licence.
     *
     * @param spdx its identifier
     * @param attribution whether the authors must be named
     * @param commercial whether commercial use is allowed
     * @param derivatives whether derived works may be shared
     * @param alike the family of licences under which derived works must be shared; null for any
     * @param source the URL of the licence text that this was read from
     */
    record Licence(
            String spdx,
            boolean attribution,
            boolean commercial,
            boolean derivatives,
            @Nullable String alike,
            String source) {

        /** What it requires, in words; empty for nothing. */
        List<String> obligations() {
            List<String> words = new ArrayList<>();
            if (attribution) {
                words.add("name the authors and the licence");
            }
            if (!commercial) {
                words.add("no commercial use");
            }
            if (!derivatives) {
                words.add("do not share derived works");
            }
            if (alike != null) {
                words.add("share derived works under the same terms only");
            }
            return words;
        }

        private boolean first() {
            return spdx.endsWith("-1.0");
        }
    }

    /** Pairs of families: works under the first may become part of a work under the second. */
    private static final Set<String> ONE_WAY =
            Set.of("CC-BY-SA-4.0>GPL-3.0", "GPL-3.0>AGPL-3.0", "GPL-2.0-or-later>GPL-3.0", "GPL-2.0-or-later>GPL-2.0");

    private final Map<String, Licence> known = new HashMap<>();

    LicenseTerms() {
        try (InputStream in = LicenseTerms.class.getResourceAsStream("licences.tsv")) {
            if (in == null) {
                throw new IllegalStateException("the program was built without licences.tsv");
            }
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#") && !line.isBlank())
                    .map(LicenseTerms::row)
                    .forEach(licence -> known.put(licence.spdx(), licence));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Licence row(String line) {
        String[] f = line.split("\t", -1);
        return new Licence(
                f[0], f[1].equals("yes"), f[2].equals("yes"), f[3].equals("yes"), f[4].equals("-") ? null : f[4], f[5]);
    }

    /** The terms of a licence; empty if it is not in the table. */
    Optional<Licence> of(@Nullable String spdx) {
        return spdx == null ? Optional.empty() : Optional.ofNullable(known.get(spdx));
    }

    /** Why a shared work derived from both cannot comply with both; empty if it can. */
    Optional<String> clash(Licence a, Licence b) {
        if (!a.derivatives() || !b.derivatives()) {
            // Nothing derived from it may be shared anyway.
            return Optional.empty();
        }
        if (a.alike() != null && b.alike() != null) {
            return joins(a, b) || joins(b, a)
                    ? Optional.empty()
                    : Optional.of("each requires the whole to be shared under its own terms");
        }
        Licence alike = a.alike() != null ? a : b;
        Licence other = a.alike() != null ? b : a;
        if (alike.alike() != null && alike.commercial() && !other.commercial()) {
            return Optional.of(
                    alike.spdx() + " requires the whole to be shared under its terms, which allow commercial use;" + " "
                            + other.spdx() + " forbids that");
        }
        return Optional.empty();
    }

    private static boolean joins(Licence a, Licence b) {
        String from = String.valueOf(a.alike());
        String to = String.valueOf(b.alike());
        if (from.equals(to)) {
            // The first versions do not allow later versions.
            return a.spdx().equals(b.spdx()) || (!a.first() && !b.first());
        }
        return ONE_WAY.contains(from + ">" + to) || ONE_WAY.contains(a.spdx() + ">" + to);
    }
}
