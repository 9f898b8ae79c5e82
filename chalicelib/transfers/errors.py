"""The refusals of this room."""

from chalicelib.kernel.errors import Conflict, NotFound


class ImportUnknown(NotFound):
    """No such import in this program."""

    code = "import_unknown"


class ImportNotChecked(Conflict):
    """The file is still being read or checked."""

    code = "import_not_checked"


class ImportEnded(Conflict):
    """The file could not be read, or the check was stopped: upload it again."""

    code = "import_ended"


class ImportRun(Conflict):
    """The import was run before, by another request; what it brought stays."""

    code = "import_run"


class OwnImport(Conflict):
    """So many points need four eyes: somebody else than who ordered the import must run it."""

    code = "own_import"


class ExportUnknown(NotFound):
    """No such export in this program."""

    code = "export_unknown"
