@NullMarked
package io.millrace.service.scheduler;

import org.jspecify.annotations.NullMarked;
