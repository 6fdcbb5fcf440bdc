/// Black-box tests: real SDKs and clients, over the wire only. Each says what AWS does and passes
/// on AWS too; nothing here looks into the server. Start reading at [Clients].
@NullMarked
package io.millrace.conformance;

import org.jspecify.annotations.NullMarked;
