package org.histods.provenance;

import org.jspecify.annotations.Nullable;

/**
 * The program and the person that did something, for the record.
 *
 * @param version of histods
 * @param java of the Java machine
 * @param os operating system and architecture
 * @param user the account's name, null where it is not to be recorded
 */
public record Tool(
        String version, String java, String os, @Nullable String user) {}
