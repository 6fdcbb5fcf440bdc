package io.millrace.service.kms;

import org.jspecify.annotations.Nullable;

/// The parameter `DryRun`: everything is checked, and nothing done.
final class DryRun {

    private DryRun() {}

    /// @throws io.millrace.wire.ServiceException `DryRunOperationException`, if it is one
    static void end(@Nullable Boolean dryRun) {
        if (Boolean.TRUE.equals(dryRun)) {
            throw KmsErrors.dryRun();
        }
    }
}
