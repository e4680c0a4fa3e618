@org.jspecify.annotations.NullMarked
package org.histods.audit.rules;
