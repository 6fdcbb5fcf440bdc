@NullMarked
package io.millrace.authorization;

import org.jspecify.annotations.NullMarked;
