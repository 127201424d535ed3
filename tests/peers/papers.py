"""Official letters as mail programs write them, each with a number of its own.

Promises:  ``Paper.octets`` is the mail with LF line ends, as programs of a machine hand it to sendmail.
"""

from __future__ import annotations

import email.policy
from dataclasses import dataclass, field
from email.message import EmailMessage
from itertools import count

from tests.pdf_files import PDF
from tests.peers.site import CLERK

SUBJECT = "Công văn số {number}/UBND-VP ngày 15/10/2016 V/v báo cáo tình hình thu hoạch lúa mùa"
TEXT = "Kính gửi UBND huyện, xã gửi công văn kèm theo.\n"

_numbers = count(301)


@dataclass(frozen=True, slots=True)
class Paper:
    """A clerk's mail with a công văn; ``pdf`` is the file."""

    pdf: bytes = field(default=PDF, repr=False)
    text: str = TEXT
    number: int = field(default_factory=_numbers.__next__)

    @property
    def subject(self) -> str:
        """What the clerk wrote in the subject."""
        return SUBJECT.format(number=self.number)

    @property
    def name(self) -> str:
        """The name of the file."""
        return f"{self.number}-UBND-VP.pdf"

    @property
    def octets(self) -> bytes:
        """The whole mail."""
        mail = EmailMessage(policy=email.policy.default)
        mail["From"] = f"Văn thư <{CLERK}>"
        mail["To"] = "huyen@nam.test"
        mail["Subject"] = self.subject
        mail["Date"] = "Sat, 15 Oct 2016 09:00:00 +0700"
        mail["Message-ID"] = f"<{self.number}.{CLERK}>"
        mail.set_content(self.text, cte="8bit")
        mail.add_attachment(self.pdf, maintype="application", subtype="pdf", filename=self.name)
        mail.set_boundary(f"=-{self.number}")
        return mail.as_bytes()
