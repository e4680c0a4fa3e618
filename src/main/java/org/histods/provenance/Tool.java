package org.histods.provenance;

import org.jspecify.annotations.Nullable;

/**
 * The program and the user that made a record.
 *
 * @param version of histods
 * @param java of the Java virtual machine
 * @param os operating system and architecture
 * @param user the account's name, null if it must not be recorded
 */
public record Tool(
        String version, String java, String os, @Nullable String user) {}
