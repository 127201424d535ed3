"""Every reply the SMTP door can give, as a table.

Promises:  each reply is ASCII, one code (RFC 5321 section 4.2), one enhanced status code of the same class (RFC 3463)
           where the protocol allows one, and one plain sentence; ``wire`` is ready for the socket.
Never:     repeats what the peer sent, and tells nothing of our own trouble: that is always "try again later".
Fails:     ValueError when a reply is built that would break one of these promises.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

LINE = 510  # octets of a reply line without its CRLF (RFC 5321 section 4.5.3.1.5)


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply: its code, its enhanced status ('' where there is none), its lines, and both as octets to send."""

    code: int
    status: str
    text: str
    more: tuple[str, ...] = ()
    wire: bytes = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Lay the reply out for the wire once."""
        if self.status and self.status[0] != str(self.code)[0]:
            raise ValueError(f"{self.code} and {self.status} are of two classes")
        object.__setattr__(self, "wire", _laid_out(self))

    @property
    def refuses(self) -> bool:
        """Whether this is a permanent no."""
        return self.code >= 500  # noqa: PLR2004 - the 5yz class of RFC 5321 section 4.2.1


def _laid_out(reply: Reply) -> bytes:
    status = f"{reply.status} " if reply.status else ""
    lines = [status + text for text in (reply.text, *reply.more)]
    if any(len(line) + 4 > LINE or not line.isprintable() for line in lines):
        raise ValueError(f"a line of reply {reply.code} is too long or not printable")
    marks = ["-"] * (len(lines) - 1) + [" "]
    return "".join(f"{reply.code}{mark}{line}\r\n" for mark, line in zip(marks, lines, strict=True)).encode("ascii")


# The conversation -----------------------------------------------------------------------------------------------------
BYE = Reply(221, "2.0.0", "Goodbye")
RESET = Reply(250, "2.0.0", "Ready for a new mail")
ALIVE = Reply(250, "2.0.0", "Here")
HELP = Reply(214, "2.0.0", "EHLO HELO STARTTLS AUTH MAIL RCPT DATA BDAT RSET NOOP VRFY HELP QUIT")
NO_WORD_ON_ADDRESSES = Reply(252, "2.5.2", "Addresses are not told here; send the mail and it is answered")
NO_LISTS = Reply(502, "5.5.1", "Lists are not told here")
UNKNOWN_COMMAND = Reply(500, "5.5.2", "This command is not known here; HELP lists those that are")
MALFORMED_COMMAND = Reply(500, "5.5.2", "A command is one line of printable characters in ASCII or UTF-8")
LONG_COMMAND = Reply(500, "5.5.2", "This command line is too long")
HELLO_WANTED = Reply(503, "5.5.1", "Say EHLO first")
HELLO_WHO = Reply(501, "5.5.4", "Say EHLO and your host name")
NO_ARGUMENT = Reply(501, "5.5.4", "This command takes no argument")

# Reverse path ---------------------------------------------------------------------------------------------------------
SENDER_OK = Reply(250, "2.1.0", "Sender accepted")
MAIL_SYNTAX = Reply(501, "5.5.4", "Syntax: MAIL FROM:<address> [parameters]")
BAD_SENDER = Reply(553, "5.1.7", "The sender address is malformed")
SECOND_SENDER = Reply(503, "5.5.1", "A mail is already begun; RSET gives it up")
UNKNOWN_PARAMETER = Reply(555, "5.5.4", "A parameter is not known here")
BAD_PARAMETER = Reply(501, "5.5.4", "A parameter has a wrong value, or stands twice")
BAD_BODY = Reply(501, "5.5.4", "BODY is 7BIT or 8BITMIME")
DECLARED_TOO_BIG = Reply(552, "5.3.4", "The mail is larger than this server takes; EHLO names the limit")
UTF8_NEEDED = Reply(553, "5.6.7", "An address beyond ASCII needs the SMTPUTF8 parameter of MAIL")
NOT_YOUR_ADDRESS = Reply(553, "5.7.1", "Your account may not send as this address; ask your administrator")
DISK_LOW = Reply(452, "4.3.1", "Too little room on this server now; please try again later")

# Forward paths --------------------------------------------------------------------------------------------------------
RECIPIENT_OK = Reply(250, "2.1.5", "Recipient accepted")
RCPT_SYNTAX = Reply(501, "5.5.4", "Syntax: RCPT TO:<address> [parameters]")
BAD_RECIPIENT = Reply(553, "5.1.3", "The recipient address is malformed")
SENDER_WANTED = Reply(503, "5.5.1", "Say MAIL first")
NO_SUCH_ADDRESS = Reply(550, "5.1.1", "There is no such address here")
NOT_OURS = Reply(550, "5.7.1", "This server takes no mail for that domain")
TOO_MANY_RECIPIENTS = Reply(452, "4.5.3", "Too many recipients in one mail; send it to the others separately")
DIRECTORY_STALE = Reply(450, "4.3.0", "The list of addresses is being renewed; please try again later")

# The content ----------------------------------------------------------------------------------------------------------
GO_AHEAD = Reply(354, "", "Send the mail; end it with a line that holds one dot")
RECIPIENT_WANTED = Reply(503, "5.5.1", "Say RCPT first; no recipient is accepted yet")
NOT_AFTER_CHUNKS = Reply(503, "5.5.1", "This mail comes in BDAT chunks; finish it with BDAT LAST, or RSET")
BDAT_SYNTAX = Reply(501, "5.5.4", "Syntax: BDAT octets [LAST]; closing, since what follows is not known")
TOO_BIG = Reply(552, "5.3.4", "The mail is larger than this server takes; nothing was kept")
FAR_TOO_BIG = Reply(552, "5.3.4", "The mail has no end; closing")
BARE_OCTETS = Reply(554, "5.6.0", "The mail holds a bare CR, a bare LF or a NUL; lines end in CRLF. Nothing was kept")
LOOP = Reply(550, "5.4.6", "The mail has passed through too many hosts: it runs in a circle")
TRY_LATER = Reply(451, "4.3.0", "Trouble on this server; please try again later")

# Encryption and login -------------------------------------------------------------------------------------------------
TLS_READY = Reply(220, "2.0.0", "Start TLS now")
TLS_UNAVAILABLE = Reply(502, "5.5.1", "STARTTLS is not offered here")
TLS_ALREADY = Reply(503, "5.5.1", "This connection is encrypted already")
TLS_WANTED = Reply(530, "5.7.0", "Say STARTTLS first")
LOGIN_WANTED = Reply(530, "5.7.0", "Log in first")
LOGIN_OK = Reply(235, "2.7.0", "Welcome")
LOGIN_WRONG = Reply(535, "5.7.8", "Login or password is wrong")
LOGIN_LOCKED = Reply(535, "5.7.13", "This account is locked; ask your administrator")
LOGIN_LATER = Reply(454, "4.7.0", "Logging in is not possible now; please try again later")
LOGIN_UNAVAILABLE = Reply(502, "5.5.1", "Nobody logs in here; use the submission port")
LOGIN_NEEDS_TLS = Reply(538, "5.7.11", "Say STARTTLS before you log in")
LOGIN_ALREADY = Reply(503, "5.5.1", "You are logged in already")
LOGIN_SYNTAX = Reply(501, "5.5.4", "Syntax: AUTH mechanism [initial response]")
LOGIN_MECHANISM = Reply(504, "5.5.4", "The mechanisms here are PLAIN and LOGIN")
LOGIN_GIVEN_UP = Reply(501, "5.7.0", "Login given up")
LOGIN_GARBLED = Reply(501, "5.5.2", "This is not base64 of a login and a password")

# Closing --------------------------------------------------------------------------------------------------------------
TOO_MANY_CONNECTIONS = Reply(421, "4.3.2", "Too many connections to this server; please try again later")
TOO_MANY_FROM_YOU = Reply(421, "4.7.0", "Too many connections from your address; please try again later")
TOO_MANY_COMMANDS = Reply(421, "4.7.0", "Enough for one connection; please come again")
TOO_MANY_ERRORS = Reply(421, "4.7.0", "Too many errors in one connection; closing")
TOO_MANY_LOGINS = Reply(421, "4.7.0", "Too many wrong passwords in one connection; closing")
IDLE = Reply(421, "4.4.2", "Nothing came for too long; closing")
TOO_SLOW = Reply(421, "4.4.2", "The mail comes too slowly; closing, nothing was kept")
STOPPING = Reply(421, "4.3.2", "This server is being restarted; please try again in a moment")

# What aiosmtpd says in our name when it conducts AUTH -----------------------------------------------------------------
FROM_AIOSMTPD = {
    "501 Too many values": LOGIN_SYNTAX,
    "501 5.7.0 Auth aborted": LOGIN_GIVEN_UP,
    "501 5.5.2 Can't decode base64": LOGIN_GARBLED,
    "501 5.5.2 Can't split auth value": LOGIN_GARBLED,
}


def greeting(host: str) -> Reply:
    """The first line of every conversation."""
    return Reply(220, "", f"{host} ESMTP lienthong")


def hello(host: str, extensions: Iterable[str] = ()) -> Reply:
    """The answer to HELO, and with extensions to EHLO (RFC 5321 section 4.1.1.1)."""
    return Reply(250, "", host, tuple(extensions))


def stored(spool_id: str) -> Reply:
    """Custody is taken: the mail is durable under that id."""
    return Reply(250, "2.0.0", f"Stored as {spool_id}")


def chunk(octets: int) -> Reply:
    """One BDAT chunk is in, more may come (RFC 3030 section 2)."""
    return Reply(250, "2.0.0", f"{octets} octets received")


def did_you_mean(nearest: Iterable[str]) -> Reply:
    """No such address, and the known ones nearest to it; only for people who logged in."""
    shown = [address for address in nearest if address.isascii() and address.isprintable()][:3]
    return (
        Reply(550, "5.1.1", f"{NO_SUCH_ADDRESS.text}; did you mean {' or '.join(shown)}?") if shown else NO_SUCH_ADDRESS
    )
