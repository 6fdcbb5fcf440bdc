/// Tests of expressions.
@NullMarked
package io.millrace.service.dynamodb.expression;

import org.jspecify.annotations.NullMarked;
