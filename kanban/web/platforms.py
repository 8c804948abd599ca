"""What people call the place to which an address leads. Nothing is fetched."""

from urllib.parse import urlsplit

PLATFORMS = {
    "instagram.com": "Instagram",
    "instagr.am": "Instagram",
    "facebook.com": "Facebook",
    "fb.com": "Facebook",
    "fb.watch": "Facebook",
    "x.com": "X",
    "twitter.com": "X",
    "youtube.com": "YouTube",
    "youtu.be": "YouTube",
    "tiktok.com": "TikTok",
    "threads.net": "Threads",
    "threads.com": "Threads",
    "whatsapp.com": "WhatsApp",
    "wa.me": "WhatsApp",
    "telegram.me": "Telegram",
    "t.me": "Telegram",
}
"""Names by domain; everything below a domain is of the same house."""


def platform_of(address: str) -> str:
    """The platform to which ``address`` leads: ``Instagram``, ``JDIH``, else its host."""
    try:
        host = (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return address
    for domain, name in PLATFORMS.items():
        if host == domain or host.endswith(f".{domain}"):
            return name
    return "JDIH" if "jdih" in host.split(".") else host
