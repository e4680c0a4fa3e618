/** A server on loopback that simulates hosts, with small generated datasets. */
@org.jspecify.annotations.NullMarked
package org.histods.demo;
