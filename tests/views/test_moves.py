"""What has moved is found under its old address, whatever was asked for with it."""

import pytest

from research import merging
from research.models import Topic

pytestmark = pytest.mark.django_db


def test_every_form_of_the_list_knows_a_merged_author(client, make_person, make_publication):
    old, kept = make_person("T. Korbak"), make_person("Tomasz Korbak")
    make_publication(title="Owls", authors=[old])
    key = old.pk
    merging.merge([old, kept], kept)
    redirect = client.get(f"/publications/?author={key}")
    assert (redirect["Location"], redirect["Cache-Control"]) == (f"/publications/?author={kept.pk}", "no-cache")
    for path in ("/publications.bib", "/publications.json", "/publications/feed.xml"):
        assert "Owls" in client.get(f"{path}?author={key}").content.decode()


def test_the_works_of_a_merged_person_are_new_to_feeds(make_person, make_publication):
    old, kept = make_person("T. Korbak"), make_person("Tomasz Korbak")
    publication = make_publication(authors=[old])
    before = publication.updated
    merging.merge([old, kept], kept)
    publication.refresh_from_db()
    assert publication.updated > before


def test_a_former_slug_keeps_what_was_asked_for(client, make_publication):
    publication = make_publication(slug="first")
    publication.slug = "second"
    publication.save()
    assert client.get("/publications/first/?style=ieee")["Location"] == "/publications/second/?style=ieee"


@pytest.mark.parametrize(("number", "address"), [("1", ""), ("001", ""), ("02", "page/2/")])
def test_each_page_of_the_list_has_one_address(client, make_publication, number, address):
    make_publication()
    response = client.get(f"/publications/page/{number}/?q=paper")
    assert (response.status_code, response["Location"]) == (301, f"/publications/{address}?q=paper")


def test_a_style_may_be_asked_for_by_its_long_name(client, make_person, make_publication):
    make_publication(slug="owls", authors=[make_person()])
    long, short, unknown = (
        client.get(f"/publications/owls/owls.txt?style={style}").content
        for style in ("modern-language-association", "mla", "nonsense")
    )
    assert long == short
    assert unknown == client.get("/publications/owls/owls.txt").content


def test_a_filtered_feed_says_what_it_is_about_unless_that_is_hidden(client, profile, make_publication):
    public, hidden = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Owls", "Secrets"))
    make_publication().topics.add(public)
    make_publication(status="draft").topics.add(hidden)
    titles = [
        client.get(f"/publications/feed.xml?topic={slug}").content.decode().partition("<title>")[2].partition("<")[0]
        for slug in ("owls", "secrets")
    ]
    assert titles == ["Publications of Jane Doe: Owls", "Publications of Jane Doe"]


@pytest.mark.parametrize("path", ["/publications/", "/publications.bib", "/publications/feed.xml"])
def test_a_topic_whose_address_has_changed_is_found_at_the_old_one(client, owner_client, make_publication, path):
    topic, hidden = (Topic.objects.create(name=name, slug=name.lower()) for name in ("Owls", "Secrets"))
    make_publication(title="Owls fly").topics.add(topic)
    make_publication(title="Owls hide", status="draft").topics.add(hidden)
    for each in (topic, hidden):
        each.slug = f"new-{each.slug}"
        each.save()
    new = client.get(f"{path}?topic=new-owls").content
    assert b"Owls fly" in new
    assert client.get(f"{path}?topic=owls", follow=True).content == new
    # Where only hidden publications are filed under a topic, a visitor learns nothing of its name.
    assert b"new-secrets" not in client.get(f"{path}?topic=secrets", follow=True).content
    assert (
        b"Owls hide"
        in client.get("/publications/?topic=new-owls", follow=True).content
        + owner_client.get("/publications/?topic=secrets", follow=True).content
    )


def test_a_topic_that_has_taken_a_former_address_is_found_there(client, make_publication):
    owls = Topic.objects.create(name="Owls", slug="birds")
    make_publication(title="Of owls").topics.add(owls)
    owls.slug = "owls"
    owls.save()
    make_publication(title="Of birds").topics.add(Topic.objects.create(name="Birds", slug="birds"))
    response = client.get("/publications/?topic=birds")
    assert (response.status_code, b"Of birds" in response.content, b"Of owls" in response.content) == (200, True, False)


def test_the_feed_of_a_topic_keeps_its_id_when_its_address_changes(client, profile, make_publication):
    topic = Topic.objects.create(name="Owls", slug="owls")
    make_publication().topics.add(topic)
    before = feed_id(client, "owls")
    topic.slug = "birds-of-prey"
    topic.save()
    assert (feed_id(client, "birds-of-prey"), feed_id(client, "owls")) == (before, before)
    assert feed_id(client, "none") != before


def feed_id(client, slug):
    return client.get(f"/publications/feed.xml?topic={slug}").content.decode().partition("<id>")[2].partition("<")[0]


@pytest.mark.parametrize(("asked", "meant"), [("author=0{pk}", "author={pk}"), ("year=02024", "year=2024")])
def test_a_number_has_one_way_to_be_written(client, make_person, make_publication, asked, meant):
    jane = make_person()
    make_publication([jane])
    pages = [client.get(f"/publications/?{query.format(pk=jane.pk)}").content for query in (asked, meant)]
    assert pages[0] == pages[1]


def test_an_empty_feed_does_not_change_by_itself(client, db):
    text = client.get("/publications/feed.xml?topic=none").content.decode()
    assert "<updated>1970-01-01T00:00:00+00:00</updated>" in text
