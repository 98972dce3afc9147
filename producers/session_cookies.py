"""The cookies of a sign-in: not readable by scripts, never sent from other sites, bound to this host behind https."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.responses import RedirectResponse, Response

from producers.known_devices import LASTS


@dataclass(frozen=True)
class SessionCookies:
    """Their names and how they are set. `__Host-` makes the browser refuse one that another host or path has set."""

    secure: bool

    @property
    def session(self) -> str:
        """The session's secret."""
        return self._name("jibao_session")

    @property
    def csrf(self) -> str:
        """What the sign-in form and our pages send back."""
        return self._name("jibao_csrf")

    @property
    def device(self) -> str:
        """The note that somebody signed in on this device before."""
        return self._name("jibao_device")

    def signed_in(self, entered: Any, lasts: timedelta, to: str) -> Response:
        """To a page, with the cookies of a new session. `entered` has secret, csrf and device."""
        answer = RedirectResponse(to, status_code=303)
        self.put(answer, self.session, entered.secret, lasts)
        self.put(answer, self.csrf, entered.csrf, lasts)
        self.put(answer, self.device, entered.device, LASTS)
        return answer

    def signed_out(self, to: str) -> Response:
        """To a page, without session and CSRF token; the device is still known."""
        answer = RedirectResponse(to, status_code=303)
        for name in (self.session, self.csrf):
            answer.delete_cookie(name, httponly=True, samesite="strict", secure=self.secure)
        return answer

    def put(self, answer: Response, name: str, value: str, lasts: timedelta | None = None) -> None:
        """Set one cookie; without `lasts` it goes with the browser."""
        age = int(lasts.total_seconds()) if lasts else None
        answer.set_cookie(name, value, max_age=age, httponly=True, samesite="strict", secure=self.secure)

    def _name(self, base: str) -> str:
        return f"__Host-{base}" if self.secure else base
