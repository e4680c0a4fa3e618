/** The record of a bag: writes and reads its tag files (BagIt, RO-Crate, receipts). */
@org.jspecify.annotations.NullMarked
package org.histods.provenance;
