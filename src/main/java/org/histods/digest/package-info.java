/** Checksums, streams that hash while bytes pass, git blob and tree ids, the fingerprint. */
@org.jspecify.annotations.NullMarked
package org.histods.digest;
