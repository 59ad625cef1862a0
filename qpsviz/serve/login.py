"""The pages that ask for the token and forget it."""

from __future__ import annotations

from jupyter_server.auth.decorator import allow_unauthenticated
from jupyter_server.auth.login import LoginFormHandler
from jupyter_server.auth.logout import LogoutHandler as JupyterLogoutHandler
from tornado.web import HTTPError

from qpsviz.serve import messages
from qpsviz.serve.guard import Guard


class LogoutHandler(Guard, JupyterLogoutHandler):
    """Forgets the token; there is no such page where none is asked for."""

    @allow_unauthenticated
    def get(self) -> None:
        """Clear the cookie and say so."""
        if not self.login_available:
            raise HTTPError(404)
        self.identity_provider.clear_login_cookie(self)
        self.set_header("Content-Security-Policy", messages.POLICY)
        self.set_header("Cache-Control", "no-store")
        action = messages.link_button("Log in", self.settings["login_url"])
        self.write(messages.message_page("You are logged out", "This browser has forgotten the token.", action=action))


class LoginHandler(Guard, LoginFormHandler):
    """Jupyter's login with a page in our look."""

    @allow_unauthenticated
    def head(self) -> None:
        """Say that the page is there; Jupyter would send such a visitor here again and again."""
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")

    def _render(self, message: dict[str, object] | None = None) -> None:
        words = ["Whoever runs this server has given you a token, or an address that holds it."]
        if message:
            words.insert(0, "That is not the token. Please try again.")
        form = messages.login_form(self.xsrf_form_html())
        self.set_header("Content-Security-Policy", messages.POLICY)
        self.set_header("Cache-Control", "no-store")
        self.write(messages.message_page("This explorer asks for a token", *words, action=form))
