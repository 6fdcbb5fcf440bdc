@NullMarked
package io.millrace.policy;

import org.jspecify.annotations.NullMarked;
