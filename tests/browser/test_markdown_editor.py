"""The Markdown editor: a preview beside the text, the keyboard, pictures."""

import base64

import pytest
from playwright.sync_api import expect

# Gives the editor a file as a browser does that drops or pastes one.
HAND_OVER = """(editor, [how, name, type, content]) => {
    const bytes = Uint8Array.from(atob(content), (character) => character.charCodeAt(0));
    const transfer = new DataTransfer();
    transfer.items.add(new File([bytes], name, {type}));
    const options = {bubbles: true, cancelable: true};
    editor.dispatchEvent(how === "paste"
        ? new ClipboardEvent("paste", {...options, clipboardData: transfer})
        : new DragEvent("drop", {...options, dataTransfer: transfer}));
}"""


@pytest.fixture
def form(desk):
    desk.goto("/admin/research/profile/1/change/")
    expect(desk.locator(".field-biography .markdownx-preview strong")).to_have_text("owls")
    return desk


@pytest.fixture
def editor(form):
    return form.get_by_label("Biography:")


def hand_over(editor, how, name, kind, content):
    editor.evaluate(HAND_OVER, [how, name, kind, base64.b64encode(content).decode()])


def test_the_preview_follows_the_text(form, editor):
    preview = form.locator(".field-biography .markdownx-preview")
    editor.fill("Owls are **silent**: $E = mc^2$, see https://example.org/owls. <b onclick='x'>No</b>")
    expect(preview.locator("strong")).to_have_text("silent")
    expect(preview.locator("math")).to_be_visible()
    expect(preview.get_by_role("link", name="example.org/owls")).to_be_visible()
    expect(preview.locator("[onclick]")).to_have_count(0)


def test_the_tab_key_leaves_the_editor(form, editor):
    editor.focus()
    form.keyboard.press("Tab")
    expect(editor).not_to_be_focused()
    expect(editor).to_have_value("I study **owls**.")
    editor.focus()
    form.keyboard.press("Shift+Tab")
    expect(form.get_by_label("Headline:")).to_be_focused()
    expect(editor).to_have_value("I study **owls**.")


@pytest.mark.parametrize("how", ["paste", "drop"])
def test_a_picture_that_is_handed_to_the_text_is_stored_and_shown(form, editor, png, how, media_files):
    editor.fill("Look: ")
    editor.press("End")
    hand_over(editor, how, "owl.png", "image/png", png)
    shown = form.locator(".field-biography .markdownx-preview img")
    expect(shown).to_have_js_property("complete", True)
    expect(shown).not_to_have_js_property("naturalWidth", 0)
    text = editor.input_value()
    assert text.startswith("Look: ![](/media/images/")
    assert text.removeprefix("Look: ![](/media/").removesuffix(")") in media_files()


def test_a_refused_upload_is_explained_and_leaves_the_text_alone(form, editor, watch, media_files):
    watch.expect("400: POST /admin/markdown/upload/", "console error")
    hand_over(editor, "paste", "notes.txt", "text/plain", b"only words")
    note = form.locator(".field-biography").get_by_role("alert")
    expect(note).to_contain_text("JPEG, PNG, WebP, GIF and AVIF")
    expect(editor).to_have_value("I study **owls**.")
    expect(editor).to_have_css("opacity", "1")
    assert media_files() == set()


def test_an_upload_that_does_not_arrive_leaves_the_text_alone(form, editor, png, watch):
    watch.expect("net::ERR_FAILED: POST", "console error")
    form.route("**/admin/markdown/upload/", lambda route: route.abort())
    hand_over(editor, "paste", "owl.png", "image/png", png)
    expect(form.get_by_role("alert")).to_have_text("The picture could not be uploaded. Try it again.")
    expect(editor).to_have_value("I study **owls**.")


def test_the_explanation_goes_when_the_next_picture_is_taken(form, editor, png, watch):
    watch.expect("400: POST /admin/markdown/upload/", "console error")
    hand_over(editor, "drop", "notes.txt", "text/plain", b"only words")
    note = form.locator(".field-biography").get_by_role("alert")
    expect(note).to_be_visible()
    hand_over(editor, "drop", "owl.png", "image/png", png)
    expect(note).to_be_hidden()


def test_text_that_is_pasted_stays_text(form, editor):
    editor.fill("")
    editor.evaluate(
        """(editor) => {
            const transfer = new DataTransfer();
            transfer.setData("text/plain", "words");
            const paste = new ClipboardEvent("paste", {bubbles: true, cancelable: true, clipboardData: transfer});
            editor.dataset.taken = !editor.dispatchEvent(paste);
        }"""
    )
    expect(editor).to_have_attribute("data-taken", "false")
