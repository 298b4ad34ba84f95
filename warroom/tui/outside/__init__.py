"""What leaves the program for the terminal but is not the screen: bell, notification, title, clipboard, links (R16).

All of it goes through here, is by choice (`Preferences`), is cleaned by a list of what may be in it, and what comes by
itself is limited in rate. `terminals` says what the terminal of this process takes, `sequences` words it for one,
`voice` decides whether and when, `send` hands it to the driver.
"""

from warroom.tui.outside.sending import send
from warroom.tui.outside.sequences import CLIPBOARD_MOST, NOTICE_MOST, TITLE_MOST
from warroom.tui.outside.terminals import Kind, Notices, Wrap, kind_of
from warroom.tui.outside.title import Title, title_of
from warroom.tui.outside.voice import Voice

__all__ = [
    "CLIPBOARD_MOST",
    "NOTICE_MOST",
    "TITLE_MOST",
    "Kind",
    "Notices",
    "Title",
    "Voice",
    "Wrap",
    "kind_of",
    "send",
    "title_of",
]
