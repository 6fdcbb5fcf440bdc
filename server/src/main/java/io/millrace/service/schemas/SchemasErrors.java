package io.millrace.service.schemas;

import io.millrace.api.Constraints;
import io.millrace.api.ErrorModel;
import io.millrace.api.schemas.BadRequestException;
import io.millrace.api.schemas.SchemasApi.Errors;
import io.millrace.wire.ServiceException;

import java.util.List;

/// The schema registry's refusals. Their bodies have a `Code` and a `Message`.
final class SchemasErrors {

    private SchemasErrors() {}

    static ServiceException constraints(List<String> violations) {
        return badRequest(Constraints.message(violations));
    }

    static ServiceException badRequest(String message) {
        return of(Errors.BAD_REQUEST_EXCEPTION, message);
    }

    static ServiceException registryNotFound(String name) {
        return notFound("Registry with name " + name + " does not exist.");
    }

    static ServiceException registryExists(String name) {
        return of(Errors.CONFLICT_EXCEPTION, "Registry with name " + name + " already exists.");
    }

    static ServiceException schemaNotFound(String name) {
        return notFound("Schema with name " + name + " does not exist.");
    }

    static ServiceException schemaExists(String name) {
        return of(Errors.CONFLICT_EXCEPTION, "Schema with name " + name + " already exists.");
    }

    static ServiceException versionNotFound(String name, String version) {
        return notFound(
                "Schema with name " + name + " and version " + version + " does not exist.");
    }

    static ServiceException discovererNotFound(String id) {
        return notFound("Discoverer with id " + id + " does not exist.");
    }

    static ServiceException discovererExists(String sourceArn) {
        return of(
                Errors.CONFLICT_EXCEPTION,
                "Discoverer with source ARN " + sourceArn + " already exists.");
    }

    static ServiceException bindingNotFound(String schema, String version, String language) {
        return notFound(
                "Code binding for schema "
                        + schema
                        + ", version "
                        + version
                        + " and language "
                        + language
                        + " does not exist.");
    }

    static ServiceException policyNotFound(String registry) {
        return notFound("Resource policy for registry " + registry + " does not exist.");
    }

    static ServiceException notFound(String message) {
        return of(Errors.NOT_FOUND_EXCEPTION, message);
    }

    /// What is AWS's cannot be changed.
    static ServiceException readOnly(String registry) {
        return of(
                Errors.FORBIDDEN_EXCEPTION,
                "Registry with name " + registry + " is managed by AWS and cannot be changed.");
    }

    static ServiceException limitExceeded(String what, int max) {
        return of(
                Errors.FORBIDDEN_EXCEPTION,
                "The maximum number of " + what + ", " + max + ", is reached.");
    }

    static ServiceException revisionMismatch() {
        return of(
                Errors.PRECONDITION_FAILED_EXCEPTION,
                "The revision ID does not match the current revision of the policy.");
    }

    private static ServiceException of(ErrorModel error, String message) {
        return new ServiceException(
                error, message, BadRequestException.builder().code(error.code()).build());
    }
}
