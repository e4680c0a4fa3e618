/** Datasets of the Hugging Face Hub. */
@org.jspecify.annotations.NullMarked
package org.histods.source.huggingface;
