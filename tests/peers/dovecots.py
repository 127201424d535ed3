"""A real Dovecot of one's own: IMAP over Maildirs that somebody else fills.

Promises:  listens on a free port of 127.0.0.1, lets every address in with any password, shows the Maildir of that name,
           and is stopped, with all it wrote beside the Maildirs gone, when the block ends.
Never:     touches another Dovecot of this machine.
Fails:     ChildProcessError when Dovecot does not start; it has said why on standard error.
"""

from __future__ import annotations

import imaplib
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from gateway.demo.watch import wait
from tests.ports import free_port

CONFIG = """
protocols = imap
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
ssl = no
disable_plaintext_auth = no
default_login_user = dovenull
default_internal_user = dovecot
last_valid_uid = 0
mail_location = maildir:{mail}/%u:INDEX={folder}/index/%u
passdb {{
  driver = static
  args = nopassword=y
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={mail}/%u
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
namespace inbox {{
  inbox = yes
}}
"""
TALK_S = 30.0


@dataclass(frozen=True, slots=True)
class Dovecot:
    """A running instance: where it listens."""

    port: int

    def mails(self, address: str, field: str, value: str) -> list[bytes]:
        """The mails in the inbox of that address whose header field holds that value, as IMAP gives them."""
        with imaplib.IMAP4("127.0.0.1", self.port, timeout=TALK_S) as talk:
            talk.login(address, "any")
            talk.select("INBOX", readonly=True)
            found = talk.search(None, "HEADER", field, value)[1][0].split()
            answers = [talk.fetch(number.decode(), "(BODY.PEEK[])")[1][0] for number in found]
        return [answer[1] for answer in answers if isinstance(answer, tuple)]


@contextmanager
def dovecot(mail: Path) -> Iterator[Dovecot]:
    """A Dovecot over the Maildirs in that folder, for the block."""
    with tempfile.TemporaryDirectory(prefix="lienthong-dovecot-") as name:
        folder, port = Path(name), free_port()
        folder.chmod(0o755)  # its processes are not root's
        (folder / "index").mkdir()
        shutil.chown(folder / "index", "nobody", "nogroup")
        config = folder / "dovecot.conf"
        config.write_text(CONFIG.format(folder=folder, mail=mail, port=port))
        with subprocess.Popen(["dovecot", "-F", "-c", str(config)]) as running:
            try:
                wait(lambda: _greets(port, running))
                yield Dovecot(port)
            finally:
                running.terminate()


def _greets(port: int, running: subprocess.Popen[bytes]) -> bool | None:
    if running.poll() is not None:
        raise ChildProcessError(f"dovecot ended with {running.returncode}")
    with suppress(OSError, imaplib.IMAP4.error), imaplib.IMAP4("127.0.0.1", port, timeout=TALK_S):
        return True
    return None
