"""Forms as data: what is described is drawn, wired and known to the browser, and named nowhere else."""

import json
import re
from pathlib import Path

import pytest

import dashboard
from dashboard.browser_data import browser_data, script
from dashboard.components.shell import shell
from dashboard.forms import caption, correction, drawing, incident, rearrange
from dashboard.forms.every_form import FORMS
from dashboard.forms.form import Kind, Option, Shape
from dashboard.words import forms as words
from tests.builders import NOON
from tests.dashboard.world import an_app, browser_of, drawn

# Outputs of a callback that may be told by their place.
MOST_BY_PLACE = 4
ASSETS = Path(dashboard.__file__).with_name("assets")
SCRIPTS = {path.stem: path.read_text(encoding="utf-8") for path in ASSETS.glob("*.js")}
# The scripts that know every form, and none by name.
OF_EVERY_FORM = ("forms", "form_values", "form_problems", "form_options", "drafts", "sending")


def parts(form):
    return list(drawn(drawing.draw(form)))


def attributes(component):
    return {name: value for name, value in vars(component).items() if name.startswith("data-")}


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_every_field_has_a_control_a_label_and_a_place_for_its_problem(form):
    found = parts(form)
    names = {getattr(one, "name", None) for one in found}
    labelled = {getattr(one, "htmlFor", None) for one in found} | {getattr(one, "id", None) for one in found}
    for field in form.asked:
        if field.elsewhere:
            continue
        assert field.name in names or field.kind in (Kind.SEARCH, Kind.ANY_OF)
        assert f"{form.name}-{field.name}" in labelled
        assert {"data-problem": field.name} in [attributes(one) for one in found]
        assert field.label
    assert [one.value for one in found if getattr(one, "type", None) == "submit"] == [
        one.press for one in form.buttons
    ]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_describes_a_control_is_there(form):
    ids = [one.id for one in parts(form) if getattr(one, "id", None)]
    named = [
        name
        for one in parts(form)
        for attribute in ("aria-describedby", "aria-labelledby")
        for name in getattr(one, attribute, "").split()
    ]
    assert set(named) <= set(ids)
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_the_browser_knows_what_the_server_reads(form):
    told = browser_data("")["forms"][form.name]
    assert list(told["fields"]) == [field.name for field in form.asked]
    values = {field.name: ["x"] if field.kind is Kind.ANY_OF else "x" for field in form.asked}
    message = {"about": dict.fromkeys(told["about"], "y"), "values": values, "changed": list(values), "request": "r"}
    sent = form.read(message, NOON)
    assert {**sent.texts, **sent.chosen} == {
        name: ("x",) if value == ["x"] else "x" for name, value in values.items()
    }
    assert (set(sent.about.values()), sent.changed, sent.request) <= ({"y"}, set(values), "r")


def test_the_scripts_that_serve_every_form_name_none_of_their_fields():
    told = browser_data("")["forms"]
    names = set(told) | {name for one in told.values() for name in one["fields"]}
    for name in OF_EVERY_FORM:
        quoted = set(re.findall(r"""["']([a-z_]+)["']""", SCRIPTS[name]))
        # Parts of every form, and words of JavaScript, that are fields of some form as well.
        assert quoted & names <= {"button", "text", "name"}, name


def test_every_part_that_the_scripts_look_for_is_drawn():
    known = {name for form in FORMS for one in parts(form) for name in attributes(one)}
    # Said by buttons and pages, or written by the scripts themselves.
    known |= {"data-opens", "data-initial", "data-unsent", "data-grapevine"}
    for name in OF_EVERY_FORM:
        looked_for = set(re.findall(r"\[(data-[a-z-]+)", SCRIPTS[name]))
        assert looked_for - {"data-"} <= known, name


def test_every_script_that_a_callback_names_has_that_function(store):
    app = an_app(store)
    browser_of(app).get("/_dash-dependencies", base_url="http://127.0.0.1")
    named = [one["clientside_function"] for one in app._callback_list if one.get("clientside_function")]
    assert named
    for one in named:
        space = SCRIPTS[one["namespace"]]
        assert re.search(rf"\b{one['function_name']}\b(?:,|:| }})", space), one


def test_no_callback_writes_a_property_for_want_of_an_output(store):
    app = an_app(store)
    outputs = [one["output"] for one in app._callback_list if one.get("clientside_function")]
    assert [output for output in outputs if re.search(r"\.(title|className)\b", output)] == []


def test_a_callback_of_many_outputs_names_them(store):
    app = an_app(store)
    browser_of(app).get("/_dash-dependencies", base_url="http://127.0.0.1")
    many = {
        name: one["outputs_indices"] for name, one in app.callback_map.items() if name.count("...") >= MOST_BY_PLACE
    }
    assert many
    assert [name for name, places in many.items() if not isinstance(places, dict)] == []


def test_the_focus_follows_what_happened_and_no_clock():
    waits = {name: text.count("setTimeout(") for name, text in SCRIPTS.items() if "setTimeout(" in text}
    # An answer that is due or is asked for again, a piece of a file that is sent again, a slider that comes to rest,
    # a button that is armed for a while, a picture that goes on in steps where nothing may glide, and a chart that
    # comes once a new page is at rest.
    assert waits == {"playhead": 1, "sending": 1, "sources": 1, "coding": 2, "bubbles": 2, "imports": 1, "charts": 1}


def test_the_page_tells_the_browser_as_data_that_cannot_end_the_element():
    text = re.fullmatch(r'<script id="grapevine-data" type="application/json">(.*)</script>', script("")).group(1)
    assert "<" not in text
    assert json.loads(text) == json.loads(json.dumps(browser_data("")))


def test_a_form_is_sent_through_stores_that_stand_on_every_page():
    ids = {getattr(one, "id", None) for one in drawn(shell())}
    for form in FORMS:
        assert {form.sent_id, form.answer_id} <= ids


def test_a_page_gives_a_form_its_values_its_options_and_the_buttons_that_make_sense():
    page = drawing.draw(
        incident.CHANGE,
        about={"incident": "i"},
        initial={"name": "Flood </script>"},
        options={"sources": [Option("feeds", "feeds")]},
        without=[incident.REOPEN],
    )
    found = list(drawn(page))
    assert json.loads(attributes(page)["data-initial"]) == {"name": "Flood </script>"}
    assert attributes(page)["data-incident"] == "i"
    assert [one.value for one in found if getattr(one, "type", None) == "checkbox"] == ["feeds"]
    assert [one.value for one in found if getattr(one, "type", None) == "submit"] == ["save", "close"]


def test_a_field_without_options_says_so():
    assert words.NO_SOURCES in str(drawing.draw(incident.OPENING))


def test_times_are_read_by_the_form_and_an_empty_one_only_where_it_is_optional():
    sent = correction.FORM.read({"values": {"issued_at": "11:30", "review_by": ""}}, NOON)
    assert (sent.times, sent.not_times) == ({"issued_at": NOON.replace(hour=11, minute=30)}, {})
    wrong = correction.FORM.read({"values": {"issued_at": "", "review_by": "soon"}}, NOON)
    assert list(wrong.not_times) == ["issued_at", "review_by"]


def test_forms_that_ask_nothing_are_sent_by_their_button():
    assert [form.name for form in FORMS if not form.asked] == ["undo", "caption-away"]
    assert {rearrange.UNDO.shape, caption.AWAY.shape} == {Shape.BUTTON}
