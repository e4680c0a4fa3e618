/** Commands for the installation: demo, login, doctor and completion. */
@org.jspecify.annotations.NullMarked
package org.histods.cli.setup;
