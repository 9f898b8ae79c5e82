"""HTTP: how far a job is, and stopping it."""

from chalicelib.jobs import service
from chalicelib.jobs.model import JobFinished, JobUnknown
from chalicelib.jobs.views import JobView, job_view
from chalicelib.kernel.http.call import Answer, Call
from chalicelib.kernel.http.routing import Example, NoBody, Room

room = Room("jobs", "Long work in parts: its progress, and stopping it.")
PATH = "/v1/staff/programs/{program}/jobs/{job}"
EXAMPLE = Example(path={"program": "jewels", "job": "1m9w3kq8r4t6y0c4x9k2"})


@room.route(
    "GET",
    PATH,
    access="staff:jobs.read",
    summary="A job and its progress",
    answers={200: JobView},
    refuses=(JobUnknown,),
    example=EXAMPLE,
)
def job(call: Call[NoBody, NoBody]) -> Answer:
    """One job's progress."""
    return Answer(job_view(service.read(call.path["program"], call.path["job"], strong=True)))


@room.route(
    "DELETE",
    PATH,
    access="staff:jobs.run",
    summary="Stop a job",
    answers={200: JobView},
    refuses=(JobUnknown, JobFinished),
    example=EXAMPLE,
)
def cancel(call: Call[NoBody, NoBody]) -> Answer:
    """Stop a job; what it has done stays."""
    path = call.path
    return Answer(job_view(service.cancel(path["program"], path["job"], call.principal, call.at)))
