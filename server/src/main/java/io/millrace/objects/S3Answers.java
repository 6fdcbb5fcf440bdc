package io.millrace.objects;

import io.millrace.objects.ObjectStorage.StoredObject;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// Reads what S3 answers.
final class S3Answers {
    private static final Pattern CODE = Pattern.compile("<Code>([^<]*)</Code>");

    private S3Answers() {}

    /// The objects of a `ListBucketResult`.
    static List<StoredObject> objects(InputStream body) throws IOException {
        XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
        factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
        factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
        List<StoredObject> objects = new ArrayList<>();
        try {
            XMLStreamReader xml = factory.createXMLStreamReader(body);
            String key = "";
            boolean inContents = false;
            while (xml.hasNext()) {
                int event = xml.next();
                if (event == XMLStreamReader.START_ELEMENT) {
                    switch (xml.getLocalName()) {
                        case "Contents" -> inContents = true;
                        case "Key" -> key = inContents ? xml.getElementText() : "";
                        case "Size" -> {
                            if (inContents) {
                                long size = Long.parseLong(xml.getElementText());
                                objects.add(new StoredObject(key, size));
                            }
                        }
                        default -> {} // owners, times and tags
                    }
                } else if (event == XMLStreamReader.END_ELEMENT
                        && xml.getLocalName().equals("Contents")) {
                    inContents = false;
                }
            }
        } catch (XMLStreamException | NumberFormatException e) {
            throw new IOException("not an answer of S3", e);
        }
        return objects;
    }

    /// The code of an error's answer, or an empty string.
    static String errorCode(String text) {
        Matcher code = CODE.matcher(text);
        return code.find() ? code.group(1) : "";
    }
}
