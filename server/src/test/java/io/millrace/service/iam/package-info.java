@NullMarked
package io.millrace.service.iam;

import org.jspecify.annotations.NullMarked;
