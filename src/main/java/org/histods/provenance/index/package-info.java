@org.jspecify.annotations.NullMarked
package org.histods.provenance.index;
