/** The settings file, and the folders and files that histods uses on this machine. */
@org.jspecify.annotations.NullMarked
package org.histods.settings;
