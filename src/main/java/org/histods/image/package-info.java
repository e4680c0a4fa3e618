/** Whether image files can be opened: their structure, and for small ones all pixels. */
@org.jspecify.annotations.NullMarked
package org.histods.image;
