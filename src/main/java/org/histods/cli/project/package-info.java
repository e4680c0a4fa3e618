/** Commands for projects, which declare and lock the datasets they use. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.project;
