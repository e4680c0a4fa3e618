/** The user's credentials: which host gets which, where they are found, and the file of {@code histods login}. */
@org.jspecify.annotations.NullMarked
package org.histods.credentials;
