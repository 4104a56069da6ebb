"""The notebook that marimo serves: widgets, what they ask of the published file, and where the answers stand."""

import marimo

app = marimo.App(width="full", app_title="wirewatch", css_file="look.css")


@app.cell
def _():
    from pathlib import Path

    import marimo as mo

    from flows.explore import pages
    from flows.explore.addresses import Address
    from flows.explore.originals import read_original
    from warehouse.browse import Browser

    return Address, Browser, Path, mo, pages, read_original


@app.cell
def _(Address, Browser, Path, mo):
    asked = mo.app_meta().request.meta
    home = Path(asked["home"])
    browser = Browser(home=home, memory_limit=asked["memory_limit"], threads=int(asked["threads"]))
    address = Address(mo.query_params())
    get_file, set_file = mo.state(browser.identity())
    get_article_id, set_article_id = mo.state(address.one("article"))
    get_capture_id, set_capture_id = mo.state(address.one("capture"))
    return (
        address,
        browser,
        get_article_id,
        get_capture_id,
        get_file,
        home,
        set_article_id,
        set_capture_id,
        set_file,
    )


@app.cell
def _(mo, pages):
    tick = mo.ui.refresh(default_interval=5)
    mo.Html(pages.ticker(tick))
    return (tick,)


@app.cell
def _(browser, get_file, set_file, tick):
    # A run may have published: then everything that is shown is asked for again.
    if tick.value is not None and browser.identity() != get_file():
        set_file(browser.identity())
    return


@app.cell
def _(address, mo, pages, set_article_id, set_capture_id):
    def open_article(article_id):
        address.keep(article=article_id, capture="")
        set_capture_id("")
        set_article_id(article_id)

    def openers(titles):
        return mo.ui.dictionary(
            {
                article_id: mo.ui.button(
                    label=pages.inert(title), on_click=lambda _, wanted=article_id: open_article(wanted)
                )
                for article_id, title in titles.items()
            }
        )

    def html_of(buttons):
        return {article_id: button.text for article_id, button in buttons.items()}

    close = mo.ui.button(label="← Back to the list", on_click=lambda _: open_article(""))
    return close, html_of, open_article, openers


@app.cell
def _(browser, get_file, pages):
    get_file()
    edition = pages.attempt(browser.edition)
    return (edition,)


@app.cell
def _(address, edition, mo, pages):
    _outlets, _languages = pages.choices(edition)
    _wide = {"full_width": True}
    words = mo.ui.text(
        value=address.one("q"),
        placeholder='words, "a phrase", -without, OR; nothing for the newest',
        debounce=400,
        label="Search",
        **_wide,
    )
    outlets = mo.ui.multiselect(_outlets, value=address.all("outlet", _outlets), label="Outlets", **_wide)
    languages = mo.ui.multiselect(_languages, value=address.all("lang", _languages), label="Languages", **_wide)
    after = mo.ui.text(value=address.one("after"), placeholder="2026-03-01", debounce=400, label="From", **_wide)
    before = mo.ui.text(value=address.one("before"), placeholder="2026-04", debounce=400, label="Before", **_wide)
    limit = mo.ui.dropdown(["10", "20", "50", "100"], value="10", label="Show", **_wide)
    return after, before, languages, limit, outlets, words


@app.cell
def _(address, after, before, browser, get_file, languages, limit, outlets, pages, words):
    get_file()
    address.keep(q=words.value, outlet=outlets.value, lang=languages.value, after=after.value, before=before.value)
    query = pages.query_of(
        words.value, outlets=outlets.value, languages=languages.value, after=after.value, before=before.value
    )
    found = pages.attempt(lambda: browser.find(query, limit=int(limit.value)))
    return found, query


@app.cell
def _(found, openers, pages):
    found_buttons = openers(pages.titles(found))
    return (found_buttons,)


@app.cell
def _(edition, mo, pages):
    mo.Html(pages.masthead(edition))
    return


@app.cell
def _(address, mo, open_article, pages):
    def turn_to(name):
        address.keep(view=name)
        open_article("")

    view = mo.ui.tabs(
        dict.fromkeys(pages.VIEWS, ""), value=next(iter(address.all("view", pages.VIEWS)), "Search"), on_change=turn_to
    )
    return (view,)


@app.cell
def _(view):
    view
    return


@app.cell
def _(after, before, get_article_id, languages, limit, mo, outlets, pages, view, words):
    form = pages.form(words, outlets, languages, after, before, limit)
    mo.Html(form) if view.value == "Search" and not get_article_id() else None
    return


@app.cell
def _(found, found_buttons, get_article_id, html_of, mo, pages, query, view):
    results = mo.Html(pages.results_page(found, query, html_of(found_buttons)))
    results if view.value == "Search" and not get_article_id() else None
    return


@app.cell
def _(browser, get_article_id, get_file, openers, pages, view):
    get_file()
    is_shown = view.value == "Stories" and not get_article_id()
    stories = pages.attempt(browser.stories) if is_shown else None
    story_buttons = openers(pages.titles(stories))
    return stories, story_buttons


@app.cell
def _(html_of, mo, pages, stories, story_buttons):
    mo.Html(pages.stories_page(stories, html_of(story_buttons))) if stories else None
    return


@app.cell
def _(browser, get_article_id, get_file, mo, pages, view):
    get_file()
    looks = {"Outlets": (browser.health, pages.health_page), "Coverage": (browser.coverage, pages.coverage_page)}
    _look = looks.get(view.value) if not get_article_id() else None
    mo.Html(_look[1](pages.attempt(_look[0]))) if _look else None
    return


@app.cell
def _(browser, get_article_id, get_file, openers, pages):
    get_file()
    opened = pages.attempt(lambda: browser.article(get_article_id())) if get_article_id() else None
    version_buttons = openers(pages.titles(opened))
    return opened, version_buttons


@app.cell
def _(address, mo, opened, pages, set_capture_id):
    def open_capture(capture_id):
        address.keep(capture=capture_id)
        set_capture_id(capture_id)

    capture_buttons = mo.ui.dictionary(
        {
            capture_id: mo.ui.button(
                label=pages.inert(label), on_click=lambda _, wanted=capture_id: open_capture(wanted)
            )
            for capture_id, label in pages.capture_labels(opened).items()
        }
    )
    return (capture_buttons,)


@app.cell
def _(capture_buttons, close, get_article_id, html_of, mo, opened, pages, version_buttons):
    def show(page):
        parts = {
            pages.revisions_label(page): mo.Html(pages.revisions_page(page)),
            pages.versions_label(page): mo.Html(pages.versions_page(page, html_of(version_buttons))),
            "Where each field came from": mo.Html(pages.provenance_page(page)),
        }
        originals = mo.Html(pages.captures_page(html_of(capture_buttons)))
        return [mo.Html(pages.article_page(page)), mo.accordion(parts, multiple=True), originals]

    _shown = show(opened) if pages.is_article(opened) else [mo.Html(pages.no_article(opened))]
    mo.vstack([mo.Html(pages.back(close)), *_shown]) if get_article_id() else None
    return


@app.cell
def _(get_capture_id, home, mo, opened, pages, read_original):
    # An output of its own: marimo takes frames out of what it puts into its widgets.
    _capture = pages.capture_of(opened, get_capture_id())
    mo.Html(pages.original_page(read_original(home / "archive", _capture))) if _capture else None
    return


if __name__ == "__main__":
    app.run()
