"""Thirty runs, day after day over the change of clocks on 28 March 2027: what happens at the sources, and what subscribers must see of it.

`events` is what `events.ics` and `events.json` change, `posts` what `feed.atom`, `feed.rss` and `feed.json` do: `+` is new, `~` changed, `x` cancelled,
`-` gone; nothing else may be seen. `told` are words that the run must say to the maintainer; without any it must say nothing.
"""
import dataclasses
import datetime
import typing

from sources import Entry, Event, World


@dataclasses.dataclass
class Run:
    what: str
    do: typing.Callable[[World], None] = lambda world: None
    events: tuple = ()
    posts: tuple = ()
    told: tuple = ()


WALK = "Low tide walk"
FAIR = "Rope and sail fair"
CONCERT = Event("Harbour concert", "2027-05-01T19:00", hours=3, place="The quay")
PIKE = Event("Pike evening", "2027-05-05T18:00", place="The old pier")
OARS = Entry("Oars evening", "2027-03-19", "The oars evening takes place on 22 April 2027 at 18:00 in the boat house.")
SONGS = Entry("Songs at the quay", "2027-03-30", "We sing on 6 May 2027 at 18:00.", "https://news.ternbay.example/songs")
OVER = "2027-03-28T10:00"


# Choir practice is on Wednesdays at half past six on the clock of the bay, before and after the clocks change.
CHOIR = [
    f"{day} 18:30 = {day:%d} {16 if day < datetime.date(2027, 3, 28) else 15}:30Z"
    for day in (datetime.date(2027, 3, 3) + datetime.timedelta(weeks=week) for week in range(18))
]


def begin(world):
    world.town |= {
        "walk": Event("Tide walk", "2027-03-27T10:00", place="The old pier", text="Bring boots.", url="https://town.ternbay.example/walk"),
        "choir": Event("Choir practice", "2027-03-03T18:30", place="The school", rule="FREQ=WEEKLY;UNTIL=20270630T210000Z"),
        "swap": Event("Seed swap", "2027-04-24T14:00", place="The market hall", text="Peas and beans."),
        "concert": dataclasses.replace(CONCERT),
        "race": Event("Boat race", "2027-05-08", place="The inner bay", url="https://boathouse.ternbay.example/race/"),
        "fair": Event("Rope fair", "2027-05-15", place="The market hall"),
        "net": Event("Net drying day", "2027-05-22T09:00", place="The net hall", uid="net-1@town.ternbay.example"),
    }
    world.blog |= {
        "race": Entry("Boat race", "2027-03-09", "The boat race takes place on 8 May 2027 on the inner bay. Bring a boat."),
        "paint": Entry("We bought paint", "2027-03-08", "It is blue, and there is a lot of it."),
    }
    world.news |= {
        "n-1": Entry("Talk about gulls", "2027-03-09", "The talk takes place on 20 April 2027 at 19:00.", "https://news.ternbay.example/gulls"),
        "n-2": Entry("The lamp is lit again", "2027-03-07", "After nine years the lamp burns.", "https://news.ternbay.example/lamp"),
    }
    world.club |= {
        "c-1": Entry("Kite festival", "2027-03-05", "<p>The kite festival takes place on 29 May 2027.</p>", "https://gliders.ternbay.example/kites"),
    }
    world.hall |= {
        "lantern": Event("Lantern evening", "2027-04-30T20:00:00+03:00", place="The net hall", url="https://nethall.ternbay.example/lanterns"),
    }


def change(source, key, **fields):
    """An entry of a source says something else."""
    return lambda world: _set(getattr(world, source)[key], fields)


def add(source, key, entry):
    """A source has an entry more."""
    return lambda world: getattr(world, source).update({key: dataclasses.replace(entry)})


def remove(source, key):
    """A source has an entry less."""
    return lambda world: getattr(world, source).pop(key)


def _set(entry, fields):
    for name, value in fields.items():
        setattr(entry, name, value)


def both(*steps):
    """Several things happen on one day."""
    return lambda world: [step(world) for step in steps]


def source(**fields):
    """A source is called otherwise, lies elsewhere, is down or up."""
    return lambda world: [setattr(world.origin if name == "up" else world, name, value) for name, value in fields.items()]


def new_guids(world):
    for key, item in world.news.items():
        item.guid = f"https://news.ternbay.example/?p={key}"
    world.club["c-1"].guid = "https://gliders.ternbay.example/kites"


def new_file(world):
    world.blog["2027-boat-race"] = world.blog.pop("race")


RUNS = [
    Run(  # 1: 11 March
        "a first look at everything",
        begin,
        events=(
            "+ Boat race", "+ Choir practice", "+ Harbour concert", "+ Kite festival", "+ Lantern evening", "+ Net drying day", "+ Rope fair",
            "+ Seed swap", "+ Talk about gulls", "+ Tide walk",
        ),
        posts=("+ Boat race", "+ Kite festival", "+ Talk about gulls", "+ The lamp is lit again", "+ We bought paint"),
    ),
    Run("nothing happens"),
    Run("created", add("town", "pike", PIKE), events=("+ Pike evening",)),
    Run("retitled", change("town", "walk", title=WALK), events=(f"~ {WALK}: title",)),
    Run("moved by a day, over the change of clocks", change("town", "walk", start=OVER), events=(f"~ {WALK}: moved, start",)),
    Run("nothing happens, and what was moved stays so"),
    Run("moved back", change("town", "walk", start="2027-03-27T10:00"), events=(f"~ {WALK}: moved, start",)),
    Run("another hour", change("town", "walk", start="2027-03-27T11:00"), events=(f"~ {WALK}: start",)),
    Run("created by a post", add("blog", "oars", OARS), events=("+ Oars evening",), posts=("+ Oars evening",)),
    Run("cancelled", change("town", "swap", status="CANCELLED"), events=("x Seed swap",)),
    Run(
        "another place, another address",
        change("town", "pike", place="The quay", url="https://town.ternbay.example/pike"),
        events=("~ Pike evening: place, url",),
    ),
    Run("vanished", remove("town", "concert")),  # 12: 22 March
    Run("vanished, seen three times by now", events=("x Harbour concert",)),
    Run("returned", add("town", "concert", CONCERT), events=("~ Harbour concert: status",)),
    Run("a source renamed", source(news_title="The Bay Messenger")),
    Run("two sources down", source(up=False)),  # 16: 26 March
    Run("down, and an event is retitled elsewhere", change("town", "fair", title=FAIR), events=(f"~ {FAIR}: title",), told=("hall", "news", "503")),
    Run("down, and the clocks change"),  # 18: 28 March
    Run("down, and a post is told better", change("blog", "paint", text="It is blue. There is less of it than we thought."), posts=("~ We bought paint",)),
    Run("down for the fifth day"),
    Run(  # 21: 31 March
        "up again, with what was written meanwhile",
        both(source(up=True), add("news", "n-3", SONGS)),
        events=("+ Songs at the quay",),
        posts=("+ Songs at the quay",),
        told=("solved: hall", "solved: news"),
    ),
    Run("other guids in both feeds", new_guids),
    Run("other UID in the calendar", change("town", "net", uid="net-2@town.ternbay.example")),
    Run("the calendar lies in another folder, a feed at another address", source(town_file="2027/all.ics", news_path="/feeds/all.xml")),
    Run("the post lies in another file", new_file),
    Run(  # 26: 5 April
        "two sources disagree, and the one that is believed is the other",
        change("blog", "2027-boat-race", text="The boat race takes place on 9 May 2027 on the inner bay. Bring a boat."),
        events=("~ Boat race: text",),
        posts=("~ Boat race",),
        told=("Boat race", "2027-05-08", "2027-05-09"),
    ),
    Run("the other one follows", change("town", "race", start="2027-05-09"), events=("~ Boat race: moved, start",), told=("solved",)),
    Run("takes place after all", change("town", "swap", status="CONFIRMED"), events=("~ Seed swap: status",)),
    Run(  # 29: 8 April
        "a second source tells of an event that is known, and puts off its own",
        both(
            add("hall", "net", Event("Net drying day", "2027-05-22T09:00:00+03:00", place="The net hall")),
            change("hall", "lantern", status="EventPostponed"),
        ),
        events=("~ Lantern evening: status",),
    ),
    Run("called off on the page", change("hall", "lantern", status="EventCancelled"), events=("x Lantern evening",)),
]
