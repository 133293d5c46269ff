"""The piece of a text that a search shows."""

from blog.api.excerpts import LENGTH, excerpt


def test_words_are_marked_with_their_endings_cases_and_accents():
    assert excerpt(["A Crêpe and ships"], ["crepe", "ship"]) == "A <mark>Crêpe</mark> and <mark>ships</mark>"


def test_markup_is_escaped_around_and_inside_of_marks():
    assert excerpt(["<i>&harbour"], ["harbour"]) == "&lt;i&gt;&amp;<mark>harbour</mark>"


def test_first_text_that_has_a_word_is_shown():
    assert excerpt(["Nothing here", "The tide", "Tide again"], ["tide"]) == "The <mark>tide</mark>"


def test_without_a_word_it_is_how_the_first_text_begins():
    text = "word " * 200

    piece = excerpt(["", text], ["tide"])

    assert piece.startswith("word word") and piece.endswith(" …")
    assert len(piece) <= LENGTH + 2
    assert excerpt([], ["tide"]) == excerpt([""], []) == ""


def test_text_without_spaces_is_cut_all_the_same():
    assert len(excerpt(["x" * 10_000 + "tide"], ["tide"])) <= LENGTH + 4
    assert len(excerpt(["日本語" * 5_000], ["tide"])) <= LENGTH + 4
