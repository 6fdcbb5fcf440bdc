package io.millrace.service.kms;

import io.millrace.api.kms.GenerateRandomRequest;
import io.millrace.api.kms.GenerateRandomResponse;
import io.millrace.wire.Caller;
import io.millrace.wire.Operation;

/// `GenerateRandom`: up to 1,024 random bytes. Source: [API
/// reference](https://docs.aws.amazon.com/kms/latest/APIReference/API_GenerateRandom.html).
final class GenerateRandom implements Operation<GenerateRandomRequest, GenerateRandomResponse> {
    private final Materials materials;

    GenerateRandom(Materials materials) {
        this.materials = materials;
    }

    @Override
    public GenerateRandomResponse handle(Caller caller, GenerateRandomRequest request) {
        if (request.recipient() != null) {
            throw KmsErrors.notImplemented("recipients in Nitro enclaves");
        }
        if (request.customKeyStoreId() != null) {
            throw KmsErrors.notImplemented("custom key stores");
        }
        Integer count = request.numberOfBytes();
        if (count == null) {
            throw KmsErrors.validation("NumberOfBytes is required.");
        }
        return GenerateRandomResponse.builder().plaintext(materials.randomBytes(count)).build();
    }
}
