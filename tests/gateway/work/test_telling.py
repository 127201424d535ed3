"""The cause that a clerk is told: a peer's, or our own when no peer has said anything."""

from __future__ import annotations

import pytest

from gateway.work.telling import News, why
from mailmap.mail.cause_signs import Cause
from mailmap.mail.report import Action


@pytest.mark.parametrize(
    ("news", "cause"),
    [
        (News(Action.DELAYED, "4.3.0", ""), Cause.OURS),
        (News(Action.FAILED, "5.3.0", ""), Cause.FAULT),
        (News(Action.DELAYED, "4.3.0", "mx.b.vn: 451 4.3.0 try again later"), Cause.LATER),
        (News(Action.FAILED, "5.2.2", "mx.b.vn: 552 5.2.2 over quota"), Cause.FULL),
        (News(Action.FAILED, "5.4.7", "mx.b.vn: 452 4.2.2 mailbox full"), Cause.FULL),
        (News(Action.FAILED, "5.4.7", "mx.b.vn: 451 4.7.1 greylisted"), Cause.EXPIRED),
        (News(Action.FAILED, "5.1.10", "b.vn takes no mail (null MX)"), Cause.NO_DOMAIN),
        (News(Action.FAILED, "5.1.2", "b.vn does not exist"), Cause.NO_DOMAIN),
        (News(Action.FAILED, "5.3.4", "mx.b.vn takes mails of up to 10240 octets"), Cause.TOO_BIG),
        (News(Action.DELAYED, "4.4.3", "b.vn: DNS does not answer (Timeout)"), Cause.NO_ANSWER),
        (News(Action.DELAYED, "4.4.1", "mx.b.vn: connection refused"), Cause.NO_ANSWER),
    ],
)
def test_the_cause_of_each_outcome_of_ours_is_the_right_one(news: News, cause: Cause) -> None:
    """Lesson 33: what the courier says of a letter becomes one word, and that the sentence for the clerk."""
    assert why(news) is cause
