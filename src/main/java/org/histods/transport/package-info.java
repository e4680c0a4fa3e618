/** Network client: HTTP, FTP and FASP with retries, rate limits, redirects, host rewrites and credentials. */
@org.jspecify.annotations.NullMarked
package org.histods.transport;
