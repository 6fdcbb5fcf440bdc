package io.millrace.api.codec;

import io.millrace.api.InvalidMember;
import io.millrace.api.Member;
import io.millrace.api.Schema;
import io.millrace.api.Shape;
import io.millrace.api.ShapeReader;

import org.w3c.dom.Element;
import org.w3c.dom.Node;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;

/// Reads the XML of awsQuery, as a client does.
final class XmlReader implements ShapeReader {
    private final Deque<Object[]> frames = new ArrayDeque<>();
    private Element current;

    private XmlReader(Element root) {
        this.current = root;
    }

    static Element parse(byte[] xml) {
        try {
            return DocumentBuilderFactory.newInstance()
                    .newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml))
                    .getDocumentElement();
        } catch (ParserConfigurationException | org.xml.sax.SAXException | IOException e) {
            throw new IllegalStateException(
                    new String(xml, java.nio.charset.StandardCharsets.UTF_8), e);
        }
    }

    static <T extends Shape> T read(Element element, Schema<T> schema) {
        return schema.read(new XmlReader(element));
    }

    static List<Element> children(Element parent, String name) {
        List<Element> children = new ArrayList<>();
        for (Node n = parent.getFirstChild(); n != null; n = n.getNextSibling()) {
            if (n instanceof Element element && element.getTagName().equals(name)) {
                children.add(element);
            }
        }
        return children;
    }

    @Override
    public void begin(Schema<?> schema) {
        frames.push(new Object[] {current, 0});
    }

    @Override
    public void defer(InvalidMember refusal) {
        throw refusal;
    }

    @Override
    public int next(Schema<?> schema) {
        Object[] frame = frames.element();
        Element element = (Element) frame[0];
        for (int index = (int) frame[1]; index < schema.members().size(); index++) {
            Member member = schema.member(index);
            List<Element> found = children(element, member.queryName());
            if (!found.isEmpty()) {
                frame[1] = index + 1;
                current = member.flattened() ? element : found.getFirst();
                return index;
            }
        }
        frames.pop();
        return -1;
    }

    @Override
    public String string(Member member) {
        return current.getTextContent();
    }

    @Override
    public Boolean bool(Member member) {
        return Boolean.valueOf(string(member));
    }

    @Override
    public Integer integer(Member member) {
        return Integer.valueOf(string(member));
    }

    @Override
    public Long longInteger(Member member) {
        return Long.valueOf(string(member));
    }

    @Override
    public Float floatNumber(Member member) {
        return Float.valueOf(string(member));
    }

    @Override
    public Double doubleNumber(Member member) {
        return Double.valueOf(string(member));
    }

    @Override
    public byte[] blob(Member member) {
        return Base64.getDecoder().decode(string(member));
    }

    @Override
    public Instant timestamp(Member member) {
        return Instant.parse(string(member));
    }

    @Override
    public <T> List<T> list(Member member, ElementReader<T> element) {
        String name = member.flattened() ? member.queryName() : member.element().queryName();
        List<T> values = new ArrayList<>();
        for (Element one : children(current, name)) {
            current = one;
            values.add(element.read(this, member.element()));
        }
        return values;
    }

    @Override
    public <T> Map<String, T> map(Member member, ElementReader<T> value) {
        String name = member.flattened() ? member.queryName() : "entry";
        Map<String, T> values = new LinkedHashMap<>();
        for (Element entry : children(current, name)) {
            String key = children(entry, member.key().queryName()).getFirst().getTextContent();
            current = children(entry, member.element().queryName()).getFirst();
            values.put(key, value.read(this, member.element()));
        }
        return values;
    }
}
