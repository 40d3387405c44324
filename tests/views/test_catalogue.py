import json

import pytest


@pytest.mark.django_db
def test_the_catalogue_names_what_programs_can_ask_for_and_all_of_it_is_there(client, make_publication, settings):
    make_publication()
    response = client.get("/.well-known/api-catalog")
    assert response["Content-Type"] == ('application/linkset+json; profile="https://www.rfc-editor.org/info/rfc9727"')
    [context] = json.loads(response.content)["linkset"]
    assert context["anchor"] == f"{settings.SITE_URL}/.well-known/api-catalog"
    offered = [(link["href"].removeprefix(settings.SITE_URL), link["type"]) for link in context["item"]]
    assert offered == [
        ("/publications.bib", "application/x-bibtex"),
        ("/publications.ris", "application/x-research-info-systems"),
        ("/publications.json", "application/vnd.citationstyles.csl+json"),
        ("/publications.rdf", "application/rdf+xml"),
        ("/publications.jsonld", "application/ld+json"),
        ("/unapi", "application/xml"),
        ("/feed.xml", "application/atom+xml"),
    ]
    served = [(path, client.get(path)["Content-Type"].partition(";")[0]) for path, _ in offered]
    assert served == offered
