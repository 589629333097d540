"""What was rendered for one version of everything, kept for whoever asks while that version lasts."""

from collections.abc import Callable, Hashable

from django.utils.safestring import SafeString

from jobs.models import Pulse


class Kept:
    """Each process has its own; when it holds `most`, it begins anew."""

    def __init__(self, most: int) -> None:
        self.most = most
        self.pieces: dict[Hashable, tuple[int, SafeString]] = {}

    def piece(self, key: Hashable, pulse: Pulse, render: Callable[[], SafeString]) -> SafeString:
        version, html = self.pieces.get(key, (None, SafeString("")))
        if version != pulse.version:
            html = render()
            if len(self.pieces) >= self.most:
                self.pieces.clear()
            self.pieces[key] = pulse.version, html
        return html
