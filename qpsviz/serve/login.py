"""The page that asks for the token."""

from __future__ import annotations

from typing import Any

from jupyter_server.auth.login import LoginFormHandler

from qpsviz.serve import messages
from qpsviz.serve.guard import Guard


class LoginHandler(Guard, LoginFormHandler):
    """Jupyter's login with a page in our look."""

    def _render(self, message: dict[str, Any] | None = None) -> None:
        words = ["Whoever runs this server has given you a token, or an address that holds it."]
        if message:
            words.insert(0, "That is not the token. Please try again.")
        form = messages.login_form(self.xsrf_form_html())
        self.set_header("Content-Security-Policy", messages.POLICY)
        self.set_header("Cache-Control", "no-store")
        self.write(messages.message_page("This explorer asks for a token", *words, action=form))
