/** Datasets and competitions of Kaggle. */
@org.jspecify.annotations.NullMarked
package org.histods.source.kaggle;
