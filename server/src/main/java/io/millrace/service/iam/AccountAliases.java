package io.millrace.service.iam;

import io.millrace.api.Unit;
import io.millrace.api.iam.CreateAccountAliasRequest;
import io.millrace.api.iam.DeleteAccountAliasRequest;
import io.millrace.api.iam.ListAccountAliasesRequest;
import io.millrace.api.iam.ListAccountAliasesResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.IdentityStore;
import io.millrace.identity.StoredAccount;
import io.millrace.wire.Caller;

import java.util.List;

/// The other name of an account, of which there is one, and which no other account has:
/// `CreateAccountAlias`, which replaces the one before, `ListAccountAliases` and
/// `DeleteAccountAlias`. Errors: `EntityAlreadyExists`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccountAlias.html).
final class AccountAliases {
    private final IdentityStore identities;

    AccountAliases(IdentityStore identities) {
        this.identities = identities;
    }

    Unit create(Caller caller, CreateAccountAliasRequest request) {
        return identities.write(tx -> create(tx, caller, request.accountAlias()));
    }

    private Unit create(Transaction tx, Caller caller, String alias) {
        if (identities.accountOfAlias(tx, alias) != null) {
            throw IamErrors.alreadyExists("The account alias " + alias + " already exists.");
        }
        StoredAccount account = identities.account(tx, caller.accountId());
        if (account.alias() != null) {
            identities.removeAlias(tx, account.alias());
        }
        identities.putAlias(tx, alias, caller.accountId());
        identities.put(tx, caller.accountId(), account.withAlias(alias));
        return Unit.UNIT;
    }

    ListAccountAliasesResponse list(Caller caller, ListAccountAliasesRequest request) {
        String alias =
                identities
                        .read(snapshot -> identities.account(snapshot, caller.accountId()))
                        .alias();
        return ListAccountAliasesResponse.builder()
                .accountAliases(alias == null ? List.of() : List.of(alias))
                .isTruncated(false)
                .build();
    }

    Unit delete(Caller caller, DeleteAccountAliasRequest request) {
        return identities.write(tx -> {
            StoredAccount account = identities.account(tx, caller.accountId());
            if (!request.accountAlias().equals(account.alias())) {
                throw IamErrors.noSuchEntity(
                        "The account alias " + request.accountAlias() + " cannot be found.");
            }
            identities.removeAlias(tx, request.accountAlias());
            identities.put(tx, caller.accountId(), account.withAlias(null));
            return Unit.UNIT;
        });
    }
}
