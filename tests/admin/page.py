"""A page of the admin as a browser has it: its form filled in, its sentences, the rows of its list."""

from html.parser import HTMLParser

VOID = {"input", "img", "br", "link", "meta", "hr"}


class Page(HTMLParser):
    """
    What the owner sees in a response.

    `fields`: what the form would post as it stands, a dict from names to texts (lists for multiple selects).
    `sentences`: every complaint as (name of the field, or "" for the form or row, sentence), in the page's order.
    `messages`, `rows` (texts of the cells of the list), `links` (address to text).
    """

    def __init__(self, client, response):
        super().__init__()
        self.client = client
        self.response = response
        self.url = response.wsgi_request.get_full_path()
        self.fields, self.empty_rows, self.sentences = {}, {}, []
        self.messages, self.rows, self.links = [], [], {}
        self.stack, self.select, self.texts = [], None, []
        self.feed(response.content.decode())
        self.close()

    # --- Acting -------------------------------------------------------------------------------------------------

    def add_row(self, prefix, **values):
        """What the button "Add another" and filling the row in does. Returns the prefix of the new row's names."""
        number = int(self.fields[f"{prefix}-TOTAL_FORMS"])
        self.fields[f"{prefix}-TOTAL_FORMS"] = str(number + 1)
        for name, value in self.empty_rows.items():
            if name.startswith(f"{prefix}-__prefix__-"):
                self.fields[name.replace("__prefix__", str(number))] = value
        self.fields[f"{prefix}-{number}-position"] = str(number)  # static/js/order.js does it
        self.fields |= {f"{prefix}-{number}-{name}": value for name, value in values.items()}
        return f"{prefix}-{number}"

    def post(self, button="_save", **changes):
        """The page that answers to the form, posted with changes; None takes a field out, as an unchecked box is."""
        data = {name: value for name, value in (self.fields | changes).items() if value is not None}
        response = self.client.post(self.url, data | {button: "Save"}, follow=True)
        assert response.status_code == 200, response
        return Page(self.client, response)

    # --- Reading ------------------------------------------------------------------------------------------------

    def handle_starttag(self, tag, attrs):
        attrs = {name: value if value is not None else "" for name, value in attrs}
        if tag == "input":
            self.take_input(attrs)
        elif tag == "select":
            self.select = (attrs, [])
        elif tag == "option" and self.select and "disabled" not in attrs:
            self.select[1].append((attrs.get("value", ""), "selected" in attrs))
        if tag not in VOID:
            self.stack.append((tag, attrs))
            self.texts.append("")
        if tag == "tr" and self.inside(id="result_list"):
            self.rows.append([])

    def handle_data(self, data):
        if self.texts:
            self.texts[-1] += data

    def handle_endtag(self, tag):
        while self.stack:
            open_tag, attrs = self.stack.pop()
            text = self.texts.pop()
            if self.texts:
                self.texts[-1] += text
            if open_tag == tag:
                self.closed(tag, attrs, text)
                return

    def closed(self, tag, attrs, text):
        words = " ".join(text.split())
        if tag == "textarea":
            self.take(attrs, text.removeprefix("\n"))
        elif tag == "select":
            self.take_select()
        elif tag == "a":
            self.links[attrs.get("href", "")] = words
        elif tag == "li" and (errors := self.enclosing("ul", "errorlist")):
            self.sentences.append((errors.get("id", "").removeprefix("id_").removesuffix("_error"), words))
        elif tag == "li" and self.enclosing("ul", "messagelist"):
            self.messages.append(words)
        elif tag in ("td", "th") and self.rows and self.inside(id="result_list") and self.inside_tag("tbody"):
            self.rows[-1].append(words)
        elif tag == "table" and attrs.get("id") == "result_list":
            self.rows = [row for row in self.rows if row]

    def take_input(self, attrs):
        kind = attrs.get("type", "text")
        if kind in ("submit", "button", "reset", "image", "file"):
            return
        if kind in ("checkbox", "radio") and "checked" not in attrs:
            return
        self.take(attrs, attrs.get("value", "on" if kind == "checkbox" else ""))

    def take_select(self):
        attrs, options = self.select
        self.select = None
        chosen = [value for value, selected in options if selected]
        if "multiple" in attrs:
            self.take(attrs, chosen)
        elif options:  # a browser shows, and sends, the first option where none is chosen
            self.take(attrs, chosen[-1] if chosen else options[0][0])

    def take(self, attrs, value):
        name = attrs.get("name", "")
        form = self.enclosing("form")
        if not name or "disabled" in attrs or not form or not form.get("id", "").endswith(("_form", "-form")):
            return
        (self.empty_rows if "__prefix__" in name else self.fields)[name] = value

    def enclosing(self, tag, css_class=""):
        """The attributes of the nearest open element of this kind, or None."""
        found = (attrs for name, attrs in reversed(self.stack) if name == tag)
        return next((attrs for attrs in found if not css_class or css_class in attrs.get("class", "").split()), None)

    def inside(self, **attributes):
        return any(attributes.items() <= attrs.items() for _, attrs in self.stack)

    def inside_tag(self, tag):
        return any(name == tag for name, _ in self.stack)


def open_page(client, url, **query):
    response = client.get(url, query, follow=True)
    assert response.status_code == 200, response
    return Page(client, response)
