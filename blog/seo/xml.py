import re

NOT_IN_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def in_xml(text: str) -> str:
    """The text without what no XML 1.0 document may hold, escaped or not (https://www.w3.org/TR/xml/#charsets)."""
    return NOT_IN_XML.sub("", text)
