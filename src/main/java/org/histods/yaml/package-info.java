@org.jspecify.annotations.NullMarked
package org.histods.yaml;
