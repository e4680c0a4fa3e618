/** Object stores that speak S3: pushing bags to one, and pulling from it. */
@org.jspecify.annotations.NullMarked
package org.histods.objectstore;
