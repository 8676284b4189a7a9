"""Plays a part of a history's life with the desktop's real keyring, and says what it saw.

Run by test_real_keyring.py inside a D-Bus session: `play_keyring.py PART FOLDER`. Prints a line
for each step, as JSON: the state's name and its sentence, or what the history says.
"""

import json
import os
import signal
import sys
from contextlib import closing
from pathlib import Path

import secretstorage
from jeepney import DBusAddress, new_method_call
from secretstorage.util import format_secret, open_session

from app.chats.database import Database
from app.chats.vault.keyrings import SERVICE, Keyrings
from app.chats.vault.opening import Opening
from app.chats.vault.passphrase import Argon2Cost
from app.chats.vault.states import State, Unlocked

LIMIT_S = 60.0
QUICK = Argon2Cost(memory_kib=16, iterations=1, lanes=1)
PROMPT = DBusAddress(
    "/org/freedesktop/secrets",
    "org.freedesktop.secrets",
    "org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface",
)
BUS = DBusAddress("/org/freedesktop/DBus", "org.freedesktop.DBus", "org.freedesktop.DBus")


def say(step: str, state: State, folder: Path) -> None:
    told = ""
    if isinstance(state, Unlocked) and not state.is_new:
        database = Database.open(folder / "history.db", state.key.reveal())
        ((told,),) = database.read("SELECT text FROM kept")
        database.close()
    words = getattr(state, "sentence", "")
    print(json.dumps([step, type(state).__name__, told or words]), flush=True)


def create(folder: Path) -> None:
    opening = Opening(folder, Keyrings(), QUICK)
    new = opening.begin(LIMIT_S)
    say("new", new, folder)
    state = opening.create_in_keyring(new.keyring, LIMIT_S)
    database = Database.open(folder / "history.db", state.key.reveal(), create=True)
    with database.write() as cursor:
        cursor.execute("CREATE TABLE kept (text)")
        cursor.execute("INSERT INTO kept VALUES ('what was told')")
    database.close()
    opening.mark_used()


def look(step: str, folder: Path) -> None:
    say(step, Opening(folder, Keyrings(), QUICK).begin(LIMIT_S), folder)


def the_item(bus) -> secretstorage.Item:
    (item,) = secretstorage.get_default_collection(bus).search_items({"service": SERVICE})
    return item


def without_a_bus(folder: Path) -> None:
    address = os.environ.pop("DBUS_SESSION_BUS_ADDRESS")
    look("no bus", folder)
    os.environ["DBUS_SESSION_BUS_ADDRESS"] = address
    look("the bus appears", folder)


def tamper(bus, folder: Path) -> None:
    item = the_item(bus)
    secret, attributes = item.get_secret(), item.get_attributes()
    item.set_secret(b"00" * 32)
    look("altered", folder)
    item.set_secret(b"\xff\xfe")
    look("not even text", folder)
    item.delete()
    look("deleted", folder)
    secretstorage.get_default_collection(bus).create_item("back", attributes, secret)
    look("brought back", folder)


def stop_the_daemon(bus, folder: Path) -> None:
    asked = new_method_call(BUS, "GetConnectionUnixProcessID", "s", ("org.freedesktop.secrets",))
    (daemon,) = bus.send_and_get_reply(asked).body
    opening = Opening(folder, Keyrings(), QUICK)
    os.kill(daemon, signal.SIGSTOP)
    try:
        say("stopped", opening.begin(0.3), folder)
    finally:
        os.kill(daemon, signal.SIGCONT)
    say("goes on", opening.wait_on(LIMIT_S), folder)


def lock(bus, folder: Path) -> None:
    collection = secretstorage.get_default_collection(bus)
    collection.lock()
    look("locked", folder)
    # What the keyring's own prompt does, once a password was typed into it.
    secret = format_secret(open_session(bus), b"pw", "text/plain")
    arguments = (the_login_keyring(bus), secret)
    unlocking = new_method_call(PROMPT, "UnlockWithMasterPassword", "o(oayays)", arguments)
    bus.send_and_get_reply(unlocking)
    look("unlocked", folder)


def the_login_keyring(bus) -> str:
    return next(
        collection.collection_path
        for collection in secretstorage.get_all_collections(bus)
        if collection.collection_path.endswith("/login")
    )


def main() -> None:
    part, folder = sys.argv[1], Path(sys.argv[2])
    if part == "another user":
        look("another user", folder)
        return
    create(folder)
    look("again", folder)
    without_a_bus(folder)
    with closing(secretstorage.dbus_init()) as bus:
        tamper(bus, folder)
        stop_the_daemon(bus, folder)
        lock(bus, folder)


main()
