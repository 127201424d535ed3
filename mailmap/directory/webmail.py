"""Public mail providers: domains in which anybody may open a mailbox.

Promises:  two addresses of one of these domains say nothing about each other, and the domain says nothing about a unit.
Never:     complete; a domain of an office never stands here.
"""

from __future__ import annotations

PUBLIC = frozenset({
    "gmail.com", "googlemail.com", "yahoo.com", "yahoo.com.vn", "ymail.com", "outlook.com", "outlook.com.vn",
    "hotmail.com", "live.com", "msn.com", "icloud.com", "me.com", "aol.com", "zoho.com", "proton.me", "protonmail.com",
    "gmx.com", "gmx.net", "mail.com", "yandex.com", "qq.com", "163.com", "fpt.vn", "vnn.vn", "hcm.vnn.vn", "hn.vnn.vn",
})  # fmt: skip
