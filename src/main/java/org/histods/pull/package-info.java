/** Pulls datasets: plan, fetch, unpack, record, publish. {@link org.histods.pull.Puller} is the entry point. */
@org.jspecify.annotations.NullMarked
package org.histods.pull;
