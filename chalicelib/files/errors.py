"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound, Unprocessable


class FileUnknown(NotFound):
    """The program has no such file, or it was deleted."""

    code = "file_unknown"


class FileMissing(Conflict):
    """Nothing was uploaded for this file yet, or it was too long ago."""

    code = "file_missing"


class FileTooLarge(Unprocessable):
    """What was uploaded is larger than files of this purpose may be."""

    code = "file_too_large"


class WrongFileType(Unprocessable):
    """The content is not of the type that was announced."""

    code = "wrong_file_type"


class FileInUse(Conflict):
    """Something shows or needs this file."""

    code = "file_in_use"


class FileNotReady(Conflict):
    """The file was not uploaded and checked yet."""

    code = "file_not_ready"


class WrongFilePurpose(Conflict):
    """The file was uploaded for something else."""

    code = "wrong_file_purpose"
