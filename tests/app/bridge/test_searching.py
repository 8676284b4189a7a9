"""What is typed on while a search is under way ends it; the latest words are searched for."""

from types import SimpleNamespace

from app.bridge.searching import Searching


class Thread:
    """The history's, which waits to be told to go on."""

    def __init__(self) -> None:
        self.asked = []

    def do(self, work, on_success, *, what_failed, on_failure) -> None:
        self.asked.append((work, on_success))

    def go_on(self):
        """The words that the oldest search is for, and whether it is still wanted."""
        work, on_success = self.asked.pop(0)
        seen = []

        def search(words, _limit, is_wanted):
            seen.append((words, is_wanted()))
            return ()

        on_success(work(SimpleNamespace(store=SimpleNamespace(search=search))))
        return seen[0]


def test_a_search_is_wanted_until_other_words_come(qtbot):
    thread = Thread()
    searching = Searching(thread, 5)
    told = []
    searching.found.connect(lambda words, _hits: told.append(words))
    searching.ask_at_once("one")
    assert thread.go_on() == ("one", True)
    searching.ask_at_once("two")
    searching.ask("three")
    assert thread.go_on() == ("two", False)
    qtbot.waitUntil(lambda: bool(thread.asked))
    assert thread.go_on() == ("three", True)
    assert told == ["one", "three"]


def test_no_words_end_it(qtbot):
    thread = Thread()
    searching = Searching(thread, 5)
    searching.ask_at_once("one")
    searching.ask("")
    assert thread.go_on() == ("one", False)
    assert not thread.asked


def test_words_that_come_back_are_searched_for_again(qtbot):
    """What a search found that ended on the way is not all that there is."""
    thread = Thread()
    searching = Searching(thread, 5)
    told = []
    searching.found.connect(lambda words, _hits: told.append(words))
    searching.ask_at_once("one")
    searching.ask("two")
    searching.ask_at_once("one")
    assert thread.go_on() == ("one", False)
    assert told == []
    assert thread.go_on() == ("one", True)
    assert told == ["one"]
    assert not thread.asked
