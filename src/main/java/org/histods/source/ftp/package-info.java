/** Folders of FTP servers. */
@org.jspecify.annotations.NullMarked
package org.histods.source.ftp;
