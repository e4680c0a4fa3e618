/** The only way out: HTTP with user agent, retry, host policies, routes and credentials. */
@org.jspecify.annotations.NullMarked
package org.histods.transport;
