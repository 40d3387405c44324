from unittest import mock

from research import checks


def test_a_pillow_that_cannot_make_the_renditions_is_reported():
    with mock.patch("PIL.features.check", side_effect=lambda kind: kind != "avif"):
        [error] = checks.check_picture_formats(None)
    assert (error.id, error.msg) == (
        "research.E001",
        "Pillow was built without AVIF: pictures cannot be prepared.",
    )


def test_a_media_folder_that_cannot_be_written_is_reported(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "not" / "yet"
    assert checks.check_media_folder(None) == []
    with mock.patch("os.access", return_value=False):
        [error] = checks.check_media_folder(None)
    assert (error.id, error.msg) == ("research.E002", f"Uploads cannot be stored: {tmp_path} is not writable.")


def test_all_is_well_here():
    assert checks.check_picture_formats(None) == []
