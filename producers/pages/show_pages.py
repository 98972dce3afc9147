"""GET of every page: sign-in, report, duty console, why, packs, timeliness, their files and the service worker.

A page carries no data and no person: it is a shell in the reader's language that asks the HTTP interface. Nothing
inline, nothing from another host: the content policy says so to the browser.
"""

import re
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Depends
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from producers.pages import page_files
from producers.pages.page_texts import COOKIE, LANGUAGES, TEXTS, language_of, translator
from producers.session_cookies import SessionCookies
from rules.access import Act, may
from schemas.vocabulary import UserRole

Person = Mapping[str, Any]
PersonOf = Callable[[Request], Person | None] | Callable[[Request], Awaitable[Person | None]]

THEME_COOKIE = "jibao_theme"
CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "manifest-src 'self'; worker-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "geolocation=(self), camera=(), microphone=()",
    "Cache-Control": "private, no-cache",
}

PAGES: dict[str, tuple[str, Act | None]] = {
    "/report": ("report.html", Act.REPORT),
    "/console": ("console.html", Act.SEE_ALL),
    "/console/why": ("why.html", Act.SEE_ALL),
    "/console/packs": ("packs.html", Act.ADMINISTER),
    "/timeliness": ("timeliness.html", Act.SEE_TIMELINESS),
    "/account": ("account.html", None),
}
"""Every page: its template, and the right that opens it; None opens it to everybody who is signed in."""
ADDRESS = re.compile(r"(?P<path>[a-z/]{1,60})(\?[\w=&%+.~:,-]{0,300})?", re.ASCII)

FILES = page_files.load()
TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def stamp(moment: datetime | str | None, zone: str = "Asia/Shanghai") -> str:
    """A moment on the county's wall clock, for the few pages that are drawn without script."""
    if isinstance(moment, datetime):
        return moment.astimezone(ZoneInfo(zone)).strftime("%m-%d %H:%M:%S")
    return moment or ""


def dialled(phone: str) -> str:
    """A telephone number as a `tel:` link wants it."""
    return re.sub(r"[^\d+]", "", phone)


TEMPLATES.filters["stamp"] = stamp
TEMPLATES.filters["dialled"] = dialled


def person_of_state(request: Request) -> Person | None:
    """The signed-in person as the sign-in middleware left it on the request: `GET /api/v1/session`'s `person`."""
    person: Person | None = getattr(request.state, "person", None)
    return person


def duty_phone(request: Request) -> str:
    """Whom to call when a page cannot help; the application says it in `state.duty_phone`."""
    said: Callable[[], str] = getattr(request.app.state, "duty_phone", str)
    return said()


def render(request: Request, template: str, status: int = 200, **values: object) -> HTMLResponse:
    """One page in the reader's language, with the headers every page carries."""
    language = language_of(request)
    theme = request.cookies.get(THEME_COOKIE, "")
    html = TEMPLATES.get_template(template).render(
        t=translator(language),
        language=language,
        theme=theme if theme in ("light", "dark") else "",
        static=f"/static/{FILES.version}",
        path=request.url.path,
        duty_phone=duty_phone(request),
        **values,
    )
    answer = HTMLResponse(html, status_code=status, headers=HEADERS)
    if request.query_params.get("lang") in LANGUAGES:
        answer.set_cookie(COOKIE, language, max_age=31_536_000, samesite="lax")
    return answer


def login_page(
    request: Request,
    *,
    error: str | None = None,
    status: int = 200,
    demo_logins: Sequence[Mapping[str, str]] = (),
    after: str = "",
) -> HTMLResponse:
    """The sign-in form; `POST /login` answers with it too when the sign-in fails. Sets `jibao_csrf` when absent.

    `error` is a word that the texts know (`wrong`, `csrf`, `too_many`, `error`) or a sentence; `after` is the page
    that was asked for, shown after signing in.
    """
    if error is not None:
        error = TEXTS[language_of(request)].get(f"login.error_{error}", error)
    is_https: bool = getattr(request.app.state, "is_https", request.url.scheme == "https")
    cookies = SessionCookies(is_https)
    csrf = request.cookies.get(cookies.csrf) or secrets.token_urlsafe(32)
    page = render(
        request, "login.html", status, csrf=csrf, error=error, demo_logins=demo_logins, after=own_page(after)
    )
    page.headers["Cache-Control"] = "no-store"
    if cookies.csrf not in request.cookies:
        cookies.put(page, cookies.csrf, csrf)
    return page


def problem_page(request: Request, status: int, title: str, detail: str) -> HTMLResponse:
    """An error a person meets while opening a page."""
    return render(request, "problem.html", status, code=status, title=title, detail=detail)


def home_of(person: Person) -> str:
    """Reporters land on their page, everyone who sees the whole county on the console."""
    return "/console" if may(UserRole(person["role"]), Act.SEE_ALL) else "/report"


def own_page(address: str) -> str:
    """`address` when it is one of our pages, with its query; else nothing: a sign-in must not lead anywhere else."""
    found = ADDRESS.fullmatch(address)
    return address if found and found["path"] in PAGES else ""


def pages_router(
    person_of: PersonOf = person_of_state, *, demo_logins: Sequence[Mapping[str, str]] = ()
) -> APIRouter:
    """All the pages. `person_of` is a dependency that gives the signed-in person or None."""
    router = APIRouter(include_in_schema=False)
    Signed = Annotated[Person | None, Depends(person_of)]

    def page_for(template: str, right: Act | None) -> Callable[[Request, Any], Response]:
        def show(request: Request, person: Signed) -> Response:
            if person is None:
                asked = request.url.path + (f"?{request.url.query}" if request.url.query else "")
                return to(f"/login?after={quote(asked, safe='/')}" if own_page(asked) else "/login")
            if right is not None and not may(UserRole(person["role"]), right):
                return to(home_of(person))
            return render(request, template)

        return show

    @router.get("/")
    def show_home(person: Signed) -> Response:
        return to("/login" if person is None else home_of(person))

    @router.get("/login")
    def show_login(request: Request, person: Signed, after: str = "") -> Response:
        if person is not None:
            return to(own_page(after) or home_of(person))
        return login_page(request, demo_logins=demo_logins, after=after)

    @router.get("/static/{path:path}")
    def show_file(request: Request, path: str) -> Response:
        return FILES.answer(path, request.headers.get("accept-encoding", ""))

    @router.get("/sw.js")
    def show_worker(request: Request) -> Response:
        return FILES.worker(request.headers.get("accept-encoding", ""), HEADERS)

    for path, (template, right) in PAGES.items():
        router.get(path)(page_for(template, right))
    return router


def to(path: str) -> RedirectResponse:
    """See other; never kept by a browser, because who is signed in decides it."""
    return RedirectResponse(path, status_code=303, headers={"Cache-Control": "no-store"})
