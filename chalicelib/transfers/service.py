"""What the jobs queue calls for this room's jobs."""

from chalicelib.transfers.service_export_jobs import write_part
from chalicelib.transfers.service_exports import WRITE
from chalicelib.transfers.service_import_jobs import check_part, read_file, run_part
from chalicelib.transfers.service_imports import CHECK, READ, RUN

JOB_HANDLERS = {READ: read_file, CHECK: check_part, RUN: run_part, WRITE: write_part}
