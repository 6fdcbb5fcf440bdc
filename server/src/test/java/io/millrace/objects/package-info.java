@NullMarked
package io.millrace.objects;

import org.jspecify.annotations.NullMarked;
