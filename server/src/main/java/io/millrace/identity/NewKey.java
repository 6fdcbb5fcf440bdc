package io.millrace.identity;

/// An access key that was just made: the only place where its secret can be read.
///
/// @param sealed the secret as it is kept
public record NewKey(String id, String secret, byte[] sealed) {

    /// Without the secret.
    @Override
    public String toString() {
        return "NewKey[" + id + "]";
    }
}
