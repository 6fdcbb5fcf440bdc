@NullMarked
package io.millrace.service.secretsmanager;

import org.jspecify.annotations.NullMarked;
