@org.jspecify.annotations.NullMarked
package org.histods.source.gdc;
