package io.millrace.api.codec;

import io.millrace.api.ErrorModel;
import io.millrace.api.OperationModel;
import io.millrace.api.ServiceModel;
import io.millrace.api.Shape;

import org.jspecify.annotations.Nullable;

/// The envelopes of awsQuery's answers.
public final class QueryXml {
    private QueryXml() {}

    /// `<XResponse xmlns="…"><XResult>…</XResult><ResponseMetadata><RequestId>…`; the result's
    /// element is left out where the model has none.
    public static byte[] response(
            ServiceModel service, OperationModel<?, ?> operation, Shape output, String requestId) {
        XmlText out = new XmlText();
        String root = operation.name() + "Response";
        open(out, root, service.xmlNamespace());
        String wrapper = operation.resultWrapper();
        if (wrapper != null) {
            out.open(wrapper);
            output.write(new XmlShapeWriter(out));
            out.close(wrapper);
        }
        out.open("ResponseMetadata");
        out.element("RequestId", requestId);
        out.close("ResponseMetadata");
        out.close(root);
        return out.toByteArray();
    }

    /// `<ErrorResponse xmlns="…"><Error><Type>Sender</Type><Code>…`, with the older code where the
    /// service has one.
    ///
    /// @param details the modelled error shape, when it has members beyond the message
    public static byte[] error(
            ServiceModel service,
            ErrorModel error,
            @Nullable String message,
            @Nullable Shape details,
            String requestId) {
        XmlText out = new XmlText();
        open(out, "ErrorResponse", service.xmlNamespace());
        out.open("Error");
        out.element("Type", error.senderFault() ? "Sender" : "Receiver");
        out.element("Code", error.queryCodeOrCode());
        if (message != null) {
            out.element("Message", message);
        }
        if (details != null) {
            details.write(new XmlShapeWriter(out, true));
        }
        if (service.queryCompatible()) {
            out.empty("Detail");
        }
        out.close("Error");
        out.element("RequestId", requestId);
        out.close("ErrorResponse");
        return out.toByteArray();
    }

    private static void open(XmlText out, String name, @Nullable String namespace) {
        if (namespace == null) {
            out.open(name);
        } else {
            out.open(name, namespace);
        }
    }
}
