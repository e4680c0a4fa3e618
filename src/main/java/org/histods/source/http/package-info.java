/** Files and folders of web servers. */
@org.jspecify.annotations.NullMarked
package org.histods.source.http;
