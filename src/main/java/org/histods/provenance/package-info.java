/** The bag's tag files: BagIt, RO-Crate, receipts; writing them and reading them back. */
@org.jspecify.annotations.NullMarked
package org.histods.provenance;
