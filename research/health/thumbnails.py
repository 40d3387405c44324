from . import lacking

TITLE = "Thumbnails"
WHY = "On the about page a publication without a figure is passed over."
IS_FAULT = False


def find():
    return lacking.publications("no thumbnail, and is on the about page", thumbnail="", selected=True)
