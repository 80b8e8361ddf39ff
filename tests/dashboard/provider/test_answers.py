"""What a browser brings back from the provider: to whom an answer belongs, and who may come in."""

from dashboard.words import provider as provider_words
from models.sign_in.id_tokens import TokenFault
from tests.dashboard.provider.comers import NAME, Comer, only_refused

# --- Answers to another browser, or to nobody ----------------------------------------------------------------------

LATE = "provider: an answer that this browser did not wait for, or no longer"


def test_an_answer_is_taken_once(store, desk, forger):
    asked = desk.goes()
    before = desk.cookie
    forger.gives(forger.claims(asked["nonce"]))
    desk.comes_back(asked["state"])
    assert desk.is_signed_in()
    desk.leaves()
    only_refused(store, desk, desk.comes_back(asked["state"]), provider_words.late(NAME), LATE)
    # The cookie of before, put back, waits for the answer again.
    desk.cookie = before
    only_refused(store, desk, desk.comes_back(asked["state"]), provider_words.late(NAME), LATE)
    assert len(forger.asked) == 1


def test_an_answer_that_another_browser_waits_for_signs_nobody_in_here(store, app, desk, forger):
    other = Comer(app)
    asked, _ = desk.goes(), other.goes()
    forger.gives(forger.claims(asked["nonce"]))
    only_refused(store, other, other.comes_back(asked["state"]), provider_words.late(NAME), LATE)
    assert forger.asked == []


def test_a_code_of_another_sign_in_is_refused_by_its_nonce(store, app, desk, forger):
    theirs, ours = Comer(app).goes(), desk.goes()
    forger.gives(forger.claims(theirs["nonce"]))
    answer = desk.comes_back(ours["state"], code="theirs")
    told = provider_words.not_proven(NAME, TokenFault.NONCE)
    only_refused(store, desk, answer, told, "provider: token refused (nonce)")


def test_an_answer_without_a_state_of_ours_is_refused(store, desk):
    desk.goes()
    for state in ("", "guessed", "x" * 5_000, "é\x00"):
        only_refused(store, desk, desk.comes_back(state), provider_words.late(NAME), LATE)


def test_an_answer_that_comes_too_late_is_refused(store, desk, forger, ahead):
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    ahead(minutes=16)
    only_refused(store, desk, desk.comes_back(asked["state"]), provider_words.late(NAME), LATE)


def test_two_pages_of_one_browser_may_ask_at_once(desk, forger):
    first, _ = desk.goes("/sources"), desk.goes("/incidents")
    forger.gives(forger.claims(first["nonce"]))
    assert desk.comes_back(first["state"]).location == "/sources"


def test_an_answer_of_another_provider_is_refused(store, desk, forger):
    asked = desk.goes()
    answer = desk.comes_back(asked["state"], iss="https://evil.example")
    only_refused(store, desk, answer, provider_words.elsewhere(NAME), "provider: the answer names another provider")
    assert forger.asked == []


def test_a_provider_that_names_itself_has_to(store, desk, forger):
    forger.metadata["authorization_response_iss_parameter_supported"] = True
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    answer = desk.comes_back(asked["state"])
    only_refused(store, desk, answer, provider_words.elsewhere(NAME), "provider: the answer names another provider")
    asked = desk.goes()
    forger.gives(forger.claims(asked["nonce"]))
    desk.comes_back(asked["state"], iss=forger.issuer)
    assert desk.is_signed_in()


def test_who_was_not_signed_in_there_is_not_here(store, desk, forger):
    for said, told, entered in (
        ({"error": "access_denied"}, provider_words.cancelled(NAME), "provider: access_denied"),
        ({"error": "server_error"}, provider_words.refuses(NAME, "server_error"), "provider: server_error"),
        ({"error": "<script>alert(1)</script>"}, provider_words.refuses(NAME, "no code"), "provider: no code"),
        ({"code": ""}, provider_words.refuses(NAME, "no code"), "provider: no code"),
        ({"code": "x" * 9_000}, provider_words.refuses(NAME, "no code"), "provider: no code"),
    ):
        only_refused(store, desk, desk.comes_back(desk.goes()["state"], **said), told, entered)
    assert forger.asked == []


def test_a_code_that_the_provider_does_not_know_is_refused(store, desk, forger):
    asked = desk.goes()
    forger.instead["/token"] = (400, {}, b'{"error": "invalid_grant", "error_description": "<b>no</b>"}')
    answer = desk.comes_back(asked["state"])
    only_refused(store, desk, answer, provider_words.refuses(NAME, "invalid_grant"), "provider: invalid_grant")


def test_nobody_is_led_elsewhere_after_signing_in(app, forger):
    for page in ("https://evil.example", "//evil.example", "/\\evil.example", "/sign-out", "javascript:alert(1)"):
        desk = Comer(app)
        asked = desk.goes(page)
        forger.gives(forger.claims(asked["nonce"]))
        assert desk.comes_back(asked["state"], next=page).location == "/"


# --- Who may come in ---------------------------------------------------------------------------------------------


def test_who_is_in_no_group_with_a_role_is_told_whom_to_ask(store, desk, forger):
    answer = desk.comes_in(forger, groups=["gardeners"])
    told = provider_words.no_role(NAME, says_groups=True)
    only_refused(store, desk, answer, told, "provider: no group with a role")
    assert "Ask your administrator" in told
    assert len(store.users.all()) == 1, "nobody is recorded who cannot come in"


def test_where_no_groups_are_sent_the_page_says_so(store, desk, forger):
    told = provider_words.no_role(NAME, says_groups=False)
    for groups in (None, 7, {"duty-officers": True}):
        answer = desk.comes_in(forger, groups=groups)
        only_refused(store, desk, answer, told, "provider: no group with a role")


def test_more_groups_than_are_told_is_not_taken_for_none(store, desk, forger):
    told = provider_words.too_many_groups(NAME)
    for said in ({"_claim_names": {"groups": "src1"}}, {"hasgroups": True}):
        answer = desk.comes_in(forger, groups=None, **said)
        only_refused(store, desk, answer, told, "provider: too many groups to be told")


def test_a_name_that_may_not_be_recorded_lets_nobody_in(store, desk, forger):
    answer = desk.comes_in(forger, name="model")
    only_refused(
        store, desk, answer, "“model” is reserved", "provider: what it says of the person cannot be recorded"
    )
