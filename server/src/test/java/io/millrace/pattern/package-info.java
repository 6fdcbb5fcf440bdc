@NullMarked
package io.millrace.pattern;

import org.jspecify.annotations.NullMarked;
