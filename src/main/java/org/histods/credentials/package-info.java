/** Whose logins go to which host, where people keep them, and the file of {@code histods login}. */
@org.jspecify.annotations.NullMarked
package org.histods.credentials;
