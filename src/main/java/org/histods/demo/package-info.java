/** An embedded origin on loopback with small stand-in datasets. */
@org.jspecify.annotations.NullMarked
package org.histods.demo;
