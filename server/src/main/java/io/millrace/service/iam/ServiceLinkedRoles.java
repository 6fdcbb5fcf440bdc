package io.millrace.service.iam;

import io.millrace.api.iam.CreateServiceLinkedRoleRequest;
import io.millrace.api.iam.CreateServiceLinkedRoleResponse;
import io.millrace.api.iam.DeleteServiceLinkedRoleRequest;
import io.millrace.api.iam.DeleteServiceLinkedRoleResponse;
import io.millrace.api.iam.GetServiceLinkedRoleDeletionStatusRequest;
import io.millrace.api.iam.GetServiceLinkedRoleDeletionStatusResponse;
import io.millrace.engine.Transaction;
import io.millrace.identity.Kind;
import io.millrace.identity.RoleTraits;
import io.millrace.identity.StoredPrincipal;
import io.millrace.wire.Caller;
import io.millrace.wire.Ids;

import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;

/// Roles that belong to a service: `CreateServiceLinkedRole`, `DeleteServiceLinkedRole`, which
/// deletes at once, and `GetServiceLinkedRoleDeletionStatus`. Nobody else may change them. Errors:
/// `InvalidInput`, `NoSuchEntity`. Source: [API
/// reference](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateServiceLinkedRole.html).
final class ServiceLinkedRoles {
    static final String PATH = "/aws-service-role/";

    private static final String DOMAIN = ".amazonaws.com";

    /// The services that are here and have such roles at AWS, with the names that they have there.
    private static final Map<String, String> NAMES =
            Map.of(
                    "apidestinations.events", "AmazonEventBridgeApiDestinations",
                    "contributorinsights.dynamodb", "DynamoDBCloudWatchContributorInsights",
                    "events", "EventBridge",
                    "kinesisreplication.dynamodb", "DynamoDBKinesisDataStreamsReplication",
                    "rds", "RDS",
                    "replication.dynamodb", "DynamoDBReplication",
                    "schemas", "Schemas");

    private static final String TASK = "task";

    private final Entities entities;
    private final InstantSource clock;
    private final Ids ids;

    ServiceLinkedRoles(Entities entities, InstantSource clock, Ids ids) {
        this.entities = entities;
        this.clock = clock;
        this.ids = ids;
    }

    CreateServiceLinkedRoleResponse create(Caller caller, CreateServiceLinkedRoleRequest request) {
        String service = request.awsServiceName();
        if (!service.endsWith(DOMAIN)) {
            throw IamErrors.invalidInput("Service role name " + service + " is not valid.");
        }
        String bare = service.substring(0, service.length() - DOMAIN.length());
        if (request.customSuffix() != null) { // none of these services takes one
            throw IamErrors.invalidInput("Custom suffix is not allowed for " + service);
        }
        String name = "AWSServiceRoleFor" + NAMES.getOrDefault(bare, capital(bare));
        StoredPrincipal role =
                StoredPrincipal.of(
                                Kind.ROLE,
                                name,
                                PATH + service + "/",
                                entities.identities().newId(Kind.ROLE),
                                clock.millis())
                        .withTraits(
                                new RoleTraits(
                                        trust(service),
                                        request.description(),
                                        IamLimits.SESSION_SECONDS,
                                        service));
        entities.identities().write(tx -> create(tx, caller, role));
        return new CreateServiceLinkedRoleResponse(Views.listedRole(caller.accountId(), role));
    }

    private StoredPrincipal create(Transaction tx, Caller caller, StoredPrincipal role) {
        if (entities.identities()
                .principal(tx, caller.accountId(), Kind.ROLE, role.name())
                .isPresent()) {
            throw IamErrors.invalidInput(
                    "Service role name "
                            + role.name()
                            + " has been taken in this account, please try a different suffix.");
        }
        CreateRole.put(entities, tx, caller, role);
        return role;
    }

    private static String trust(String service) {
        return """
        {"Version":"2012-10-17","Statement":[{"Effect":"Allow",\
        "Principal":{"Service":"%s"},"Action":"sts:AssumeRole"}]}\
        """
                .formatted(service);
    }

    private static String capital(String bare) {
        StringBuilder name = new StringBuilder();
        for (String part : bare.split("[.-]", -1)) {
            if (!part.isEmpty()) {
                name.append(part.substring(0, 1).toUpperCase(Locale.ROOT))
                        .append(part.substring(1));
            }
        }
        return name.toString();
    }

    DeleteServiceLinkedRoleResponse delete(Caller caller, DeleteServiceLinkedRoleRequest request) {
        StoredPrincipal deleted =
                entities.identities()
                        .write(tx -> {
                            StoredPrincipal role =
                                    entities.require(tx, caller, Kind.ROLE, request.roleName());
                            if (role.traits().service() == null) {
                                throw IamErrors.invalidInput(
                                        "The role "
                                                + role.name()
                                                + " is not a service-linked role.");
                            }
                            Roles.delete(entities, tx, caller, role);
                            return role;
                        });
        return new DeleteServiceLinkedRoleResponse(
                TASK + deleted.path() + deleted.name() + "/" + ids.uuid());
    }

    /// What was asked to be deleted, is.
    GetServiceLinkedRoleDeletionStatusResponse status(
            Caller caller, GetServiceLinkedRoleDeletionStatusRequest request) {
        String[] parts = request.deletionTaskId().split("/", -1);
        boolean known =
                parts.length == 5
                        && request.deletionTaskId().startsWith(TASK + PATH)
                        && entities.identities()
                                .read(snapshot ->
                                        entities.identities()
                                                .principal(
                                                        snapshot,
                                                        caller.accountId(),
                                                        Kind.ROLE,
                                                        parts[3])
                                                .isEmpty());
        if (!known) {
            throw IamErrors.noSuchEntity(
                    "Deletion task " + request.deletionTaskId() + " cannot be found.");
        }
        return GetServiceLinkedRoleDeletionStatusResponse.builder().status("SUCCEEDED").build();
    }
}
