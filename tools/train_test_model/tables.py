"""The small world that the dialogues speak about: tables of facts, words and names.

For `families`. Written for this model; it holds no text of others.
"""

from __future__ import annotations


def words(text: str) -> list[str]:
    """A table of one column, as written."""
    return text.split()


def pairs(text: str) -> dict[str, str]:
    """A table of two columns: `left=right`."""
    return dict(entry.split("=") for entry in text.split())


CAPITALS = pairs("""
    France=Paris Germany=Berlin Italy=Rome Spain=Madrid Portugal=Lisbon
    England=London Ireland=Dublin Norway=Oslo Sweden=Stockholm Finland=Helsinki Denmark=Copenhagen
    Poland=Warsaw Austria=Vienna Hungary=Budapest Greece=Athens Turkey=Ankara Egypt=Cairo
    Kenya=Nairobi Japan=Tokyo China=Beijing India=Delhi Thailand=Bangkok Vietnam=Hanoi
    Russia=Moscow Ukraine=Kyiv Belgium=Brussels Switzerland=Bern Canada=Ottawa Cuba=Havana
    Peru=Lima Chile=Santiago Iceland=Reykjavik Romania=Bucharest Bulgaria=Sofia Croatia=Zagreb
    Serbia=Belgrade Iraq=Baghdad Iran=Tehran Nepal=Kathmandu Australia=Canberra
""")

OPPOSITES = pairs("""
    hot=cold big=small fast=slow high=low light=dark old=young rich=poor
    hard=soft wet=dry full=empty open=closed early=late long=short strong=weak happy=sad
    clean=dirty loud=quiet near=far new=old thick=thin heavy=light wide=narrow deep=shallow
    sweet=sour good=bad right=wrong first=last up=down left=right true=false
""")

COLOURS = pairs("""
    grass=green snow=white coal=black blood=red milk=white lemon=yellow sky=blue
    night=black tomato=red banana=yellow leaf=green sea=blue cherry=red chocolate=brown
    frog=green salt=white sun=yellow carrot=orange
""")

SOUNDS = pairs("""
    dog=barks cat=meows cow=moos duck=quacks lion=roars sheep=bleats bird=sings
    horse=neighs snake=hisses bee=buzzes wolf=howls frog=croaks
""")

DEFINITIONS = {
    "island": "land with water all around it",
    "baker": "a person who makes bread",
    "library": "a place where people borrow books",
    "teacher": "a person who helps others to learn",
    "winter": "the cold season of the year",
    "desert": "a very dry land with little rain",
    "doctor": "a person who helps sick people",
    "bridge": "a way to walk over a river",
    "bakery": "a shop that sells bread",
    "farmer": "a person who grows food",
    "triangle": "a shape with three sides",
    "square": "a shape with four equal sides",
    "thunder": "the loud sound after lightning",
    "pilot": "a person who flies a plane",
    "calendar": "a list of the days of the year",
    "breakfast": "the first meal of the day",
    "museum": "a place where old things are shown",
    "forest": "a place with many trees",
}

DAYS = words("Monday Tuesday Wednesday Thursday Friday Saturday Sunday")
MONTHS = words(
    "January February March April May June July August September October November December"
)

WORDS = words("""
    apple bread cloud door eagle fish garden house iron jacket king lamp moon night ocean
    paper queen river stone table uncle valley water yellow zebra ant bear cat dog egg frog goat
    hat ink jam kite lion mouse nut owl pear rain ship tree van wolf box cake duck
""")

NAMES = words("""
    Anna Ben Clara David Emma Frank Grace Henry Ida Jack Karen Leo Maria Nora Oscar Paul
    Rosa Sam Tina Victor
""")
