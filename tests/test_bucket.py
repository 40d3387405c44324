"""Uploads in a bucket: all that the site does with them, with a real store that speaks S3."""

# ruff: noqa: F811 - fixtures of other folders are imported

import io
import zipfile

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.urls import reverse
from PIL import Image

from research import checks, images, media, pdf_figures, previews, staticsite
from research.images import Picture
from research.models import Profile, Publication
from tests.admin.page import Page, open_page
from tests.archive.conftest import enter_site, migrated_database  # noqa: F401
from tests.views.conftest import make_record  # noqa: F401

from . import s3_store
from .images.drawn import near

pytestmark = pytest.mark.django_db

PDF = b"%PDF-1.7 " + bytes(range(256)) * 1000


@pytest.fixture
def bucket(make_bucket):
    return make_bucket()


def options(bucket, **others):
    keys = {"access_key": s3_store.KEYS["AWS_ACCESS_KEY_ID"], "secret_key": s3_store.KEYS["AWS_SECRET_ACCESS_KEY"]}
    found = {"bucket_name": bucket.name, "endpoint_url": bucket.endpoint, "region_name": "us-east-1"}
    return found | keys | others


@pytest.fixture
def use(settings):
    """A function that lets uploads lie in a bucket, with options for its storage."""

    def use(bucket, **others):
        default = {"BACKEND": "research.bucket.BucketStorage", "OPTIONS": options(bucket, **others)}
        settings.STORAGES = settings.STORAGES | {"default": default}
        settings.MEDIA_STORAGE = bucket.url

    return use


@pytest.fixture(autouse=True)
def uploads(bucket, use, settings):
    """Nothing lies on this machine but what a lock needs."""
    use(bucket)
    yield
    assert not [path for path in settings.MEDIA_ROOT.rglob("*") if path.is_file()]


def document(content=PDF, name="paper.pdf"):
    return media.store_document(SimpleUploadedFile(name, content))


def body(response):
    return b"".join(response.streaming_content)


def test_a_picture_is_stored_once_with_all_its_renditions(picture, bucket):
    name = media.store_picture(picture())
    assert bucket.names() == set(Picture.parse(name).names)
    written = {key: bucket.client.head_object(Bucket=bucket.name, Key=key)["LastModified"] for key in bucket.names()}
    bucket.client.put_object(Bucket=bucket.name, Key=name, Body=b"half")  # as no store leaves a file; a person may
    assert media.store_picture(picture("again.png")) == name
    assert default_storage.size(name) > 4
    *_, last = images.accept(picture()).files
    others = bucket.names() - {name, last}  # the last one is written each time
    assert {key: bucket.client.head_object(Bucket=bucket.name, Key=key)["LastModified"] for key in others} == {
        key: written[key] for key in others
    }


def test_two_sites_may_share_a_bucket(bucket, use):
    use(bucket, location="jane")
    name = document()
    assert bucket.names() == {f"jane/{name}"}
    assert (default_storage.exists(name), default_storage.exists(media.folder_of(name))) == (True, True)
    use(bucket, location="joan")
    assert (default_storage.exists(name), list(media.stored_folders())) == (False, [])


def test_a_file_is_served_from_the_sites_own_address_whole_in_part_and_not_again(client):
    name = document()
    whole = client.get(f"/media/{name}")
    assert (whole.status_code, body(whole) == PDF, whole["Content-Length"]) == (200, True, str(len(PDF)))
    assert (whole["X-Content-Type-Options"], "sandbox" in whole["Content-Security-Policy"]) == ("nosniff", True)
    assert whole["Cache-Control"] == "public, max-age=31536000, immutable"
    for asked, first, last in (("bytes=0-0", 0, 0), ("bytes=200000-200009", 200_000, 200_009), ("bytes=-5", -5, -1)):
        part = client.get(f"/media/{name}", headers={"Range": asked})
        assert (part.status_code, body(part)) == (206, PDF[first:][: last - first + 1])
    assert client.get(f"/media/{name}", headers={"Range": "bytes=999999-"}).status_code == 416
    assert client.get(f"/media/{name}", headers={"If-None-Match": whole["ETag"]}).status_code == 304
    assert client.head(f"/media/{name}")["Content-Length"] == str(len(PDF))


@pytest.mark.parametrize("name", ["files/none.pdf", "../secret_key.txt", "files/../../x.txt", "files/x/evil.html"])
def test_what_is_not_there_or_not_to_be_served_is_not_found(name, client):
    default_storage.save("files/x/evil.html", ContentFile(b"<script>"))
    assert client.get(f"/media/{name}").status_code in (400, 404)


def test_a_paper_lies_beside_its_page_and_its_preview_shows_its_thumbnail(client, make_record, picture):
    publication = make_record(pdf=document(), thumbnail=media.store_picture(picture(colour="red")))
    assert body(client.get("/publications/owls/owls.pdf")) == PDF
    parts = previews.preview_parts(publication, Profile.current())
    without = previews.draw(parts._replace(thumbnail=""))
    assert client.get(reverse("preview", args=["owls", parts.digest])).content not in (b"", without)


@pytest.fixture
def drawn_paper():
    """A function that stores a PDF of two pages in two colours."""

    def store(*colours):
        file = io.BytesIO()
        first, second = (Image.new("RGB", (300, 200), colour) for colour in colours)
        first.save(file, "PDF", save_all=True, append_images=[second])
        return document(file.getvalue())

    return store


def test_the_pages_of_a_paper_are_shown_and_one_becomes_its_thumbnail(
    owner_client, make_publication, drawn_paper, bucket
):
    publication = make_publication(pdf=drawn_paper("#2040c0", "#c02040"))
    choosing = f"/admin/research/publication/{publication.pk}/thumbnail/"
    colours = []
    for index in range(2):
        preview = Image.open(io.BytesIO(owner_client.get(f"{choosing}{index}.jpg").content))
        colours.append(preview.getpixel((9, 9)))
    assert [near(*pair) for pair in zip(colours, [(0x20, 0x40, 0xC0), (0xC0, 0x20, 0x40)], strict=True)] == [True, True]
    owner_client.post(choosing, {"choice": "1"})
    publication.refresh_from_db()
    assert bucket.names() == {publication.pdf.name, *Picture.parse(publication.thumbnail.name).names}
    with publication.thumbnail.open() as file:
        assert near(Image.open(file).convert("RGB").getpixel((9, 9)), (0xC0, 0x20, 0x40))


@pytest.mark.parametrize("moment", ["when it is read", "when the thumbnail is stored"])
def test_a_store_that_goes_away_while_a_page_is_chosen_is_said_and_changes_nothing(
    moment, owner_client, make_publication, drawn_paper, bucket, use, monkeypatch
):
    publication = make_publication(pdf=drawn_paper("#20c040", "#40c020"))
    choosing = f"/admin/research/publication/{publication.pk}/thumbnail/"
    if moment == "when it is read":
        break_store("no store", bucket, use)
    else:
        draw = pdf_figures.picture
        monkeypatch.setattr(pdf_figures, "picture", lambda *drawn: break_store("no store", bucket, use) or draw(*drawn))
    page = Page(owner_client, owner_client.post(choosing, {"choice": "0"}))
    assert page.messages == [
        "The store of uploads does not answer. Try again in a minute."
        if moment == "when it is read"
        else "The picture could not be stored. The store of uploads does not answer."
    ]
    publication.refresh_from_db()
    assert publication.thumbnail == ""


@pytest.mark.django_db(transaction=True)
def test_a_replaced_file_goes_after_thirty_days_and_an_unclaimed_one_after_one(
    picture, bucket, monkeypatch, thirty_days_later, a_day_later
):
    old, new = media.store_picture(picture(colour="red")), media.store_picture(picture(colour="blue"))
    publication = Publication.objects.create(title="Owls", slug="owls", citation_key="o", year=2024, thumbnail=old)
    publication.thumbnail = new
    publication.save()
    assert bucket.names() == {*Picture.parse(old).names, *Picture.parse(new).names}
    thirty_days_later()
    assert bucket.names() == set(Picture.parse(new).names)
    monkeypatch.setattr(media, "UNCLAIMED_SECONDS", 24 * 3600)
    unclaimed = document()
    call_command("discard_unclaimed_files", verbosity=0)
    assert unclaimed in bucket.names()
    a_day_later()
    call_command("discard_unclaimed_files", verbosity=0)
    assert bucket.names() == set(Picture.parse(new).names)


def test_a_static_copy_holds_the_uploads_and_fetches_none_again_in_vain(tmp_path, make_record, picture):
    name = media.store_picture(picture())
    make_record(pdf=document(), thumbnail=name)
    for _ in range(2):
        staticsite.export(tmp_path / "copy", "http://127.0.0.1:8000")
    assert (tmp_path / "copy/publications/owls/owls.pdf").read_bytes() == PDF
    with default_storage.open(name) as file:
        assert (tmp_path / "copy/media" / name).read_bytes() == file.read()


def test_a_backup_holds_the_uploads_and_a_restore_puts_them_into_another_bucket(
    enter_site,
    make_publication,
    make_bucket,
    use,
    bucket,
    tmp_path,
    picture,
):
    archive = tmp_path / "backup.zip"
    with enter_site("first"):
        name = media.store_picture(picture())
        make_publication(thumbnail=name, pdf=document())
        kept = bucket.names()
        call_command("backup", archive, verbosity=0)
    assert {entry for entry in zipfile.ZipFile(archive).namelist() if entry.startswith("media/")} == {
        f"media/{key}" for key in kept
    }
    other = make_bucket()
    use(other)
    with enter_site("second"):
        call_command("restore", archive, verbosity=0)
        assert Publication.objects.get().thumbnail.name == name
    assert other.names() == kept
    for key in kept:
        first, second = (each.client.get_object(Bucket=each.name, Key=key)["Body"].read() for each in (bucket, other))
        assert first == second


def test_a_site_whose_bucket_answers_is_well(client):
    assert (client.get("/healthz").status_code, checks.check_media_bucket(None)) == (200, [])


@pytest.mark.parametrize("problem", ["no such bucket", "another key", "no store"])
def test_one_whose_bucket_does_not_says_so(problem, client, bucket, use):
    break_store(problem, bucket, use)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["media"], answer.json()["database"]) == (503, False, True)
    assert [error.id for error in checks.check_media_bucket(None)] == ["research.E003"]


def break_store(problem, bucket, use):
    if problem == "no such bucket":
        use(bucket, bucket_name="no-such-bucket")
    elif problem == "another key":
        use(bucket, secret_key="another")
    else:
        use(bucket, endpoint_url="http://127.0.0.1:9")


@pytest.mark.parametrize(
    ("problem", "sentence"),
    [
        ("no such bucket", "The store of uploads refuses the request (NoSuchBucket)."),
        ("another key", "The store of uploads refuses the request (403)."),
        ("no store", "The store of uploads does not answer."),
    ],
)
class TestBrokenStore:
    def test_readers_get_a_sentence_and_may_come_again(self, problem, sentence, client, bucket, use, caplog):
        name = document()
        break_store(problem, bucket, use)
        answer = client.get(f"/media/{name}")
        if problem == "no such bucket":  # the store answers as for a file that is not there
            assert answer.status_code == 404
            return
        assert (answer.status_code, answer.content.decode()) == (503, f"{sentence} Try again in a minute.\n")
        assert (answer["Retry-After"], answer["Cache-Control"]) == ("60", "no-store")
        assert sentence in caplog.text

    def test_pages_are_shown(self, problem, sentence, client, bucket, use, make_record, picture):
        make_record(thumbnail=media.store_picture(picture()))
        break_store(problem, bucket, use)
        assert [client.get(path).status_code for path in ("/", "/publications/", "/publications/owls/")] == [200] * 3

    def test_an_upload_is_refused_and_nothing_that_was_typed_is_lost(
        self, problem, sentence, owner_client, bucket, use, picture
    ):
        page = open_page(owner_client, "/admin/research/publication/add/")
        break_store(problem, bucket, use)
        page = page.post(title="Owls", abstract="They fly.", thumbnail=picture())
        assert page.sentences == [("thumbnail", f"The file could not be stored. {sentence} Nothing else was lost.")]
        assert (page.fields["title"], page.fields["abstract"]) == ("Owls", "They fly.")
        answer = owner_client.post("/admin/markdown/upload/", {"image": picture()})
        assert (answer.status_code, answer.json()) == (
            503,
            {"error": f"The picture could not be stored. {sentence} Your text is still here."},
        )

    def test_there_is_no_half_backup_and_no_half_export(
        self,
        problem,
        sentence,
        bucket,
        use,
        enter_site,
        make_publication,
        tmp_path,
    ):
        with enter_site("site"):
            make_publication(slug="owls", pdf=document())
            break_store(problem, bucket, use)
            with pytest.raises(CommandError) as refused:
                call_command("backup", tmp_path / "backup.zip")
            assert str(refused.value) == f"There is no backup. {refusal(problem, sentence)}"
            if problem != "no such bucket":
                with pytest.raises(CommandError) as refused:
                    call_command("export_site", tmp_path / "copy")
                assert sentence in str(refused.value)
        assert sorted(path.name for path in tmp_path.iterdir() if path.name in ("backup.zip", "copy")) == []


@pytest.mark.parametrize(("address", "said"), [("", 0), ("health/", 2), ("health/?check=missing_files", 1)])
def test_the_desk_is_there_when_the_store_does_not_answer_and_says_so(
    address, said, owner_client, bucket, use, profile
):
    profile.cv = document()
    profile.save()
    use(bucket, endpoint_url="http://127.0.0.1:9")
    response = owner_client.get(f"/admin/{address}")
    assert response.status_code == 200
    assert response.content.decode().count("Nobody could look. The store of uploads does not answer.") == said


@pytest.mark.parametrize("command", ["load_example", "first_start", "discard_unclaimed_files"])
def test_a_command_that_needs_the_store_says_that_it_does_not_answer(command, bucket, use):
    break_store("no store", bucket, use)
    with pytest.raises(CommandError, match=r"\. The store of uploads does not answer\.$"):
        call_command(command, verbosity=0)


def refusal(problem, sentence):
    """The sentence where more than a file's head was asked for: the store then says what it has against the key."""
    return sentence.replace("403", "SignatureDoesNotMatch") if problem == "another key" else sentence
