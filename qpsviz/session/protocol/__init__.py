"""What a page and its session tell each other, as types; ``web/js/protocol`` says the same for the browser.

A page draws a ``PageSpec`` once. It sends a ``Request`` and a ``Question``; it hears an ``Update`` (an ``Answer``, a
run as ``FilmData``, pinned curves, what settled) and a ``Reply``, which holds a ``TabReply`` where a tab asked.
Times are in us, lengths in km, and arrays are ``Packed``.
"""
