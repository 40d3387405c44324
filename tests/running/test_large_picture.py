"""While the server works on the largest picture that it takes, it answers others."""

from contextlib import closing
from select import select

from bench.hostile_files import largest


def test_others_are_answered_while_the_largest_picture_is_worked_on(running_site):
    picture = largest()["50 million pixels with transparency.png"]()
    running_site.start()
    session, answered = running_site.log_in(), []
    with closing(running_site.connection()) as upload:
        upload.request(*running_site.new_publication(session, "Owls", picture))  # all of it is sent
        while not select([upload.sock], [], [], 0)[0]:
            pages = [running_site.get(path)[0] for path in ("/", f"/publications/?q={len(answered)}", "/projects/")]
            answered.append(pages)
        assert upload.getresponse().status == 302
    meanwhile = answered[:-1]  # during the last the picture's answer came
    assert len(meanwhile) > 1
    assert meanwhile == [[200] * 3] * len(meanwhile)
