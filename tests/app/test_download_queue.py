"""The order of downloads that wait, without a window."""

from app.download_queue import DownloadQueue, Wanted
from app.library.mixes import Mix


def wanted(name: str, mix: Mix = Mix.Q4) -> Wanted:
    return Wanted(f"owner/{name}", f"owner/{name}", name, mix)


def queue(*names: str) -> DownloadQueue:
    made = DownloadQueue()
    for name in names:
        assert made.add(wanted(name))
    return made


def titles(made: DownloadQueue) -> list[str]:
    return [each.title for each in made]


def test_the_first_asked_for_is_the_first_to_begin():
    made = queue("a", "b")
    assert (len(made), titles(made)) == (2, ["a", "b"])
    assert made.take() == wanted("a")
    assert made.take() == wanted("b")
    assert made.take() is None


def test_a_model_waits_once_by_whatever_it_is_asked_for():
    made = queue("DeepSeek-R1")
    assert not made.add(Wanted(11, "OWNER/deepseek-r1", "DeepSeek R1", Mix.Q8))
    assert [each.mix for each in made] == [Mix.Q4]


def test_one_moves_to_the_front_and_the_others_keep_their_order():
    made = queue("a", "b", "c")
    made.move_to_front("owner/c")
    assert titles(made) == ["c", "a", "b"]
    made.move_to_front("owner/gone")
    assert titles(made) == ["c", "a", "b"]


def test_one_that_is_given_up_can_be_asked_for_again():
    made = queue("a", "b")
    made.remove("owner/a")
    made.remove("owner/gone")
    assert titles(made) == ["b"]
    assert made.add(wanted("a"))
    assert titles(made) == ["b", "a"]


def test_all_of_it_is_forgotten_at_once():
    made = queue("a", "b")
    made.clear()
    assert (len(made), made.keys(), made.take()) == (0, frozenset(), None)


def test_looking_at_it_is_safe_while_it_changes():
    made = queue("a", "b")
    for each in made:
        made.remove(each.key)
    assert len(made) == 0
