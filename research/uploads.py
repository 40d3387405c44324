"""How uploads are received: a full disk loses the file, and never the form that came with it."""

from django.core.files.uploadedfile import UploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler


class PatientUploadHandler(TemporaryFileUploadHandler):
    """
    Django's handler for large files, which lie on the disk while they arrive.

    Where the disk is full, Django's own gives the whole request up, with what was typed. Here the file becomes a
    LostFile, and the rest arrives.
    """

    def new_file(self, *args, **kwargs):
        self.error = None
        self.attempt(super().new_file, *args, **kwargs)

    def receive_data_chunk(self, raw_data, start):
        self.attempt(super().receive_data_chunk, raw_data, start)

    def file_complete(self, file_size):
        return self.attempt(super().file_complete, file_size) or LostFile(self.file_name, file_size, self.error)

    def attempt(self, step, *arguments, **options):
        """Do a step, unless one before has failed."""
        if self.error:
            return None
        try:
            return step(*arguments, **options)
        except OSError as error:
            self.error = error
            return None


class LostFile(UploadedFile):
    """A file that could not be received: whoever reads it gets the OSError, as if it could not be stored."""

    def __init__(self, name, size, error):
        super().__init__(name=name, size=size)
        self.error = error

    def seek(self, *arguments):
        raise self.error

    read = chunks = seek
