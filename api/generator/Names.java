import java.util.Locale;
import java.util.Set;

/// How the model's names become Java's.
final class Names {
    private static final Set<String> RESERVED =
            Set.of(
                    ("abstract assert boolean break byte case catch char class const continue default"
                                    + " do double else enum extends final finally float for goto if"
                                    + " implements import instanceof int interface long native new package"
                                    + " private protected public return short static strictfp super switch"
                                    + " synchronized this throw throws transient try void volatile while"
                                    + " true false null _ clone finalize getClass hashCode notify notifyAll"
                                    + " toString wait schema builder toBuilder reader writer")
                            .split(" "));

    private Names() {}

    /// `MD5OfBody` becomes `md5OfBody`, `SSESpecification` becomes `sseSpecification`.
    static String component(String member) {
        int upper = 0;
        while (upper < member.length() && Character.isUpperCase(member.charAt(upper))) {
            upper++;
        }
        if (upper > 1 && upper < member.length() && Character.isLowerCase(member.charAt(upper))) {
            upper--;
        }
        String name = member.substring(0, upper).toLowerCase(Locale.ROOT) + member.substring(upper);
        name = name.replace('-', '_').replace('.', '_').replace(':', '_');
        return RESERVED.contains(name) ? name + "_" : name;
    }

    /// `KMSOptInRequired` becomes `KMS_OPT_IN_REQUIRED`.
    static String constant(String name) {
        return name.replaceAll("([a-z0-9])([A-Z])", "$1_$2")
                .replaceAll("([A-Z])([A-Z][a-z])", "$1_$2")
                .replaceAll("[^A-Za-z0-9_]", "_")
                .toUpperCase(Locale.ROOT);
    }

    static String type(String shape) {
        return Character.toUpperCase(shape.charAt(0)) + shape.substring(1);
    }

    static String apiClass(String service) {
        return type(service.replace("-", "")) + "Api";
    }

    static String packageName(String service) {
        return "io.millrace.api." + service.replace("-", "");
    }

    /// The one shape that is written by hand, in the package of DynamoDB.
    static boolean isAttributeValue(String shape) {
        return shape.equals("AttributeValue");
    }

    static String literal(Object text) {
        if (text == null) {
            return "null";
        }
        StringBuilder literal = new StringBuilder("\"");
        for (char c : text.toString().toCharArray()) {
            switch (c) {
                case '"', '\\' -> literal.append('\\').append(c);
                case '\n' -> literal.append("\\n");
                case '\r' -> literal.append("\\r");
                case '\t' -> literal.append("\\t");
                default -> {
                    if (c < ' ' || c > '~') {
                        literal.append(String.format("\\u%04x", (int) c));
                    } else {
                        literal.append(c);
                    }
                }
            }
        }
        return literal.append('"').toString();
    }
}
