@org.jspecify.annotations.NullMarked
package org.histods.cli.mirror;
