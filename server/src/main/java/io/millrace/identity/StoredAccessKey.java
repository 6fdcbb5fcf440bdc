package io.millrace.identity;

/// An access key of a user.
///
/// @param userName whose it is
/// @param sealedSecret the secret access key, sealed for [#context]
public record StoredAccessKey(
        String id,
        String accountId,
        String userName,
        byte[] sealedSecret,
        boolean active,
        long createdMillis) {

    /// What the secret of an access key is sealed for.
    public static String context(String accessKeyId) {
        return "access key " + accessKeyId;
    }

    public StoredAccessKey withActive(boolean isActive) {
        return new StoredAccessKey(id, accountId, userName, sealedSecret, isActive, createdMillis);
    }

    StoredAccessKey withUserName(String newName) {
        return new StoredAccessKey(id, accountId, newName, sealedSecret, active, createdMillis);
    }
}
