/** Files and folders of Google Drive. */
@org.jspecify.annotations.NullMarked
package org.histods.source.googledrive;
