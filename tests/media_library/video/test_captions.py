"""SubRip and WebVTT, as people and programs write them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django.fixtures import Settings

from media_library.exceptions import FileTooLarge, InvalidCaptions, UnacceptableFile
from media_library.models import Track
from media_library.video.captions import is_guessed, read_captions, to_srt

CAPTIONS, CHAPTERS = Track.Kind.CAPTIONS, Track.Kind.CHAPTERS

SRT = "1\n00:00:01,000 --> 00:00:02,500\nThe tide is out.\n\n2\n00:00:03,000 --> 00:00:04,000\nIt comes back.\n"

VTT = """WEBVTT

00:00:01.000 --> 00:00:02.500
The tide is out.

00:00:03.000 --> 00:00:04.000
It comes back.
"""


def read(text: str, kind: str = CAPTIONS) -> str:
    return read_captions(text.encode(), kind)


def one_cue(text: str, times: str = "00:01.000 --> 00:04.000") -> str:
    """What becomes of the text of a cue."""
    return read(f"WEBVTT\n\n{times}\n{text}").partition("00:00:04.000")[2].partition("\n")[2].rstrip("\n")


def srt_cue(text: str) -> str:
    """The settings and the text that a cue of SubRip gets."""
    return read(f"1\n00:00:01,000 --> 00:00:04,000\n{text}\n").partition("00:00:04.000")[2].strip()


def problem(text: str, kind: str = CAPTIONS) -> InvalidCaptions:
    with pytest.raises(InvalidCaptions) as caught:
        read(text, kind)
    assert str(caught.value).startswith(f"Line {caught.value.line}: ")
    return caught.value


def test_subrip_becomes_webvtt():
    assert read(SRT) == VTT


def test_webvtt_that_is_in_order_stays_as_it_is():
    assert read(VTT) == VTT


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_any_end_of_line_will_do(end: str):
    assert read(SRT.replace("\n", end)) == VTT


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_encodings_of_unicode_are_told_apart(encoding: str):
    data = SRT.replace("tide", "Flut, übermütig").encode(encoding)

    assert "Flut, übermütig" in read_captions(data, CAPTIONS)
    assert not is_guessed(data)


def test_what_is_not_unicode_is_read_as_windows_1252_and_says_so():
    data = SRT.replace("tide", "“Fähre”").encode("windows-1252")

    assert "The “Fähre” is out." in read_captions(data, CAPTIONS)
    assert is_guessed(data)


def test_file_that_is_no_text_is_refused():
    with pytest.raises(InvalidCaptions, match="no text that can be read"):
        read_captions(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00", CAPTIONS)


def test_text_without_a_cue_is_no_captions():
    assert "Upload WebVTT (.vtt) or SubRip (.srt)" in str(problem("Dear editor,\nhere they are."))


def test_webvtt_may_begin_without_cues():
    assert read("WEBVTT - to be written\nKind: captions\n") == "WEBVTT\n"


@pytest.mark.parametrize(
    "times",
    ["00:01,000 --> 00:02,500", "0:0:1 --> 0:0:2.5", "00:00:01.000-->00:00:02.500", "00:01.0\t-->\t00:02.5"],
)
def test_times_are_read_in_many_spellings(times: str):
    assert "00:00:01.000 --> 00:00:02.500\nHello" in read(f"1\n{times}\nHello")


def test_numbers_of_subrip_may_be_missing():
    assert read(SRT.replace("1\n", "", 1).replace("\n2\n", "\n")) == VTT


def test_empty_line_between_cues_of_subrip_may_be_missing():
    assert read(SRT.replace("\n\n", "\n")) == VTT


def test_number_in_the_text_of_subrip_is_text():
    text = "1\n00:00:01,000 --> 00:00:02,500\nThe answer?\n42\n\n2\n00:00:03,000 --> 00:00:04,000\nIndeed.\n"

    assert "The answer?\n42\n\n00:00:03.000" in read(text)


def test_empty_line_in_the_text_of_subrip_does_not_end_it():
    assert srt_cue("one\n\ntwo") == "one\ntwo"


@pytest.mark.parametrize(
    ("source", "result"),
    [
        (r"{\an8}Above", "line:0\nAbove"),
        (r"{\an1}Left", "align:left\nLeft"),
        (r"{\an6}{\i1}Right{\i0}", "line:50% align:right\n<i>Right</i>"),
        (r"{\fad(200,200)}Soft", "Soft"),
        ('<font color="#FFFF00">Fred</font>', "<c.yellow>Fred</c>"),
        ('<font size=9 color="00ff00">Fred</font>', "<c.lime>Fred</c>"),
        (r"{\an4}Left{\an6}", "line:50% align:left\nLeft"),
        ('<font color=#123456 size="3">Fred</font>', "Fred"),
        ("<I>Far</I> <B><U>away</B></U>", "<i>Far</i> <b><u>away</u></b>"),
        ("one<br/>two", "one\ntwo"),
    ],
)
def test_styles_of_subrip_become_what_webvtt_knows(source: str, result: str):
    assert srt_cue(source) == result


@pytest.mark.parametrize(
    ("source", "result"),
    [
        ("Fish & chips < 3", "Fish &amp; chips &lt; 3"),
        ("Fish &amp; chips &#8211; &lt;3", "Fish &amp; chips – &lt;3"),
        ("<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<sighs> Well", "&lt;sighs&gt; Well"),
        ("<v.loud Mary &amp; Bo>Hello", "<v.loud Mary &amp; Bo>Hello</v>"),
        ("<v>Hello</v>", "Hello"),
        ("<lang de-AT>Servus</lang>", "<lang de-AT>Servus</lang>"),
        ("<ruby>漢<rt>kan</rt></ruby>", "<ruby>漢<rt>kan</rt></ruby>"),
        ("<b>bold <i>both</b> none</i>", "<b>bold <i>both</i></b> none"),
        ("So <00:02.000>it <00:03.000>goes", "So <00:00:02.000>it <00:00:03.000>goes"),
        ("at<00:01.000> its <00:04.000>ends", "at its ends"),
        ("<v a&#45;&#45;>arrow", "<v a>arrow</v>"),
        ("line&#10;break", "line break"),
    ],
)
def test_text_holds_only_tags_of_webvtt(source: str, result: str):
    assert one_cue(source) == result


def test_names_of_cues_their_places_and_comments_are_kept():
    text = """WEBVTT

NOTE for the translator

first
00:00:01.000 --> 00:00:02.000 line:0 align:start
One
"""

    assert read(text) == text


@pytest.mark.parametrize(
    ("former", "today"),
    [
        ("align:middle", "align:center"),
        ("position:50.00%,middle", "position:50.00%,center"),
        ("position:10%,start", "position:10%,line-left"),
        ("line:84.67%,middle", "line:84.67%,center"),
    ],
)
def test_settings_of_earlier_drafts_become_those_of_today(former: str, today: str):
    assert f"00:00:02.000 {today}\n" in read(f"WEBVTT\n\n00:01.000 --> 00:02.000 {former}\nOne")


def test_name_that_is_given_twice_is_left_out_the_second_time():
    assert read("WEBVTT\n\na\n00:01.000 --> 00:02.000\n1\n\na\n00:03.000 --> 00:04.000\n2").count("a\n") == 1


def test_header_and_automatic_captions_of_video_portals_are_read():
    text = """WEBVTT
Kind: captions
Style:
::cue(c.colorE5E5E5) { color: rgb(229,229,229);
 }
##


00:04:46.470 --> 00:05:04.080 align:start position:0%
yeah
<c.colorCCCCCC>what</c>
00:05:04.080 --> 00:05:05.069 align:start position:0%
this<00:05:04.199><c> will</c><c.colorE5E5E5><00:05:04.379><c> happen
 </c><00:05:05.069></c>
"""

    assert read(text).partition("00:05:04.080 --> ")[2].splitlines()[1:] == [
        "this<00:05:04.199><c> will</c><c.colorE5E5E5><00:05:04.379><c> happen",
        "</c></c>",
    ]


def test_style_sheets_are_left_out():
    text = "WEBVTT\n\nSTYLE\n::cue { background: url(https://example.org/track.png) }\n\n00:01.000 --> 00:02.000\nOne"

    assert read(text) == "WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nOne\n"


def test_regions_are_kept():
    text = "WEBVTT\n\nREGION\nid:left\nwidth:40%\n\n00:00:01.000 --> 00:00:02.000 region:left\nOne\n"

    assert read(text) == text


def test_cues_are_put_in_the_order_of_their_beginnings_with_their_comments():
    text = "WEBVTT\n\n00:03.000 --> 00:04.000\nLast\n\nNOTE begin\n\n00:01.000 --> 00:02.000\nFirst"

    assert read(text).startswith("WEBVTT\n\nNOTE begin\n\n00:00:01.000")


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("WEBVTT\n\n00:04.000 --> 00:01.000\nx", 3, "does not come after its beginning"),
        ("WEBVTT\n\n00:04.000 --> 00:04.000\nx", 3, "does not come after its beginning"),
        ("WEBVTT\n\n\n00:61.000 --> 00:70.000\nx", 4, "can't be read"),
        ("1\n00:00:01,000 --> 00:00:0x,000\nx", 2, "can't be read"),
        ("1\n00:00:01,000 --> 00:00:02,000\nx\nhere --> there\n", 4, "can't be read"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000\nx\n\nlost", 6, "belongs to no cue"),
        ("Captions\n\n1\n00:00:01,000 --> 00:00:02,000\nx", 1, "belongs to no cue"),
        ("WEBVTT\n\nid\n00:01.000 --> 00:02.000 colour:red\nx", 4, "“colour:red” is no setting"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 size:120%\nx", 3, "“size:120%” can't be understood"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 size:1% size:2%\nx", 3, "set twice"),
        ("WEBVTT\n\n00:01.000 --> 00:02.000 region:left\nx", 3, "no region “left”"),
        ("WEBVTT\n\nREGION\nwidth:10%", 3, "an id of its own"),
    ],
)
def test_line_of_the_mistake_is_named(text: str, line: int, words: str):
    error = problem(text)

    assert error.line == line
    assert words in str(error)


def test_lines_are_counted_as_an_editor_sees_them():
    assert problem("WEBVTT\r\n\r\n00:04.000 --> 00:01.000\r\nx").line == 3


def test_chapters_are_plain_text_of_one_line_without_a_place():
    text = "WEBVTT\n\n00:00.000 --> 00:05.000 line:0\n<b>The tide</b>\n& the moon"

    assert read(text, CHAPTERS) == "WEBVTT\n\n00:00:00.000 --> 00:00:05.000\nThe tide &amp; the moon\n"


def test_chapters_may_not_overlap():
    error = problem("WEBVTT\n\n00:00.000 --> 00:05.000\nOne\n\n00:04.000 --> 00:06.000\nTwo", CHAPTERS)

    assert error.line == 6
    assert "the one of line 3" in str(error)


def test_captions_may_overlap():
    assert read("WEBVTT\n\n00:00.000 --> 00:05.000\nOne\n\n00:04.000 --> 00:06.000\nTwo").count("-->") == 2


def test_chapter_needs_a_title():
    assert "no title" in str(problem("WEBVTT\n\n00:00.000 --> 00:05.000\n<i></i>", CHAPTERS))


def test_largest_file_has_a_limit(settings: Settings):
    settings.MEDIA_LIBRARY = {"MAX_CAPTIONS_BYTES": 2048}

    with pytest.raises(FileTooLarge, match="2 KB"):
        read(VTT + "\n" * 2048)


def test_text_that_grows_beyond_the_limit_is_refused(settings: Settings):
    settings.MEDIA_LIBRARY = {"MAX_CAPTIONS_BYTES": 2048}

    with pytest.raises(FileTooLarge):
        read("WEBVTT\n\n00:01.000 --> 00:02.000\n" + "<" * 2000)


def test_number_of_cues_has_a_limit(settings: Settings):
    settings.MEDIA_LIBRARY = {"MAX_CAPTION_CUES": 1}

    with pytest.raises(FileTooLarge, match="more than 1 cues"):
        read(VTT)


def test_subrip_comes_back_from_webvtt():
    assert to_srt(VTT) == SRT


def test_subrip_keeps_italics_and_loses_voices():
    text = "WEBVTT\n\n00:00:01.000 --> 00:00:02.000 line:0\n<v Bo><i>Fish</i> &amp; chips</v>\n"

    assert to_srt(text) == "1\n00:00:01,000 --> 00:00:02,000\n<i>Fish</i> & chips\n"


def test_subrip_has_no_arrow_in_its_text():
    assert to_srt("WEBVTT\n\n00:00:01.000 --> 00:00:02.000\nthere --&gt; here\n").count("-->") == 1


PIECES = st.sampled_from(
    [
        *("WEBVTT", "NOTE x", "STYLE", "REGION", "id:a", "1", "2", "\n", "\n\n", "\r\n", " ", "\t", "\u3000", "\x85"),
        *(
            "00:01.000 --> 00:02.000",
            "00:03,000 --> 00:04,000",
            "00:00:01.5-->00:00:09",
            " line:0",
            " region:a",
            "-->",
        ),
        *(
            "<b>",
            "</b>",
            "<i",
            "<v a--",
            "<c.a-->",
            "<ruby>",
            "<rt>",
            "</ruby>",
            "<00:01.500>",
            "<font color=red>",
            "<x>",
        ),
        *(
            ">",
            "</",
            "<br/>",
            "&lt;",
            "&#45;",
            "&#10;",
            "&#1;",
            "&",
            "amp;",
            "{\\an8}",
            "{\\i1}",
            "--",
            "é",
            "\0",
            "a",
        ),
    ]
)


@given(st.binary(max_size=200) | st.lists(PIECES, max_size=40).map(lambda parts: "".join(parts).encode()))
@example(b"WEBVTT\n\n00:01.000 --> 00:02.000\n<v a&#45;&#45;>")
@example(b"1\n00:01.000 --> 00:02.000\n&l&#1;t;")
@pytest.mark.parametrize("kind", [CAPTIONS, CHAPTERS])
def test_any_bytes_are_refused_or_become_captions_that_read_again_are_the_same(kind: str, data: bytes):
    try:
        text = read_captions(data, kind)
    except UnacceptableFile:
        return
    assert read_captions(text.encode(), kind) == text
