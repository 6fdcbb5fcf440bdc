@NullMarked
package io.millrace.service.kms;

import org.jspecify.annotations.NullMarked;
