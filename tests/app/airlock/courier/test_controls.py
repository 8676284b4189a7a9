"""What the user told the courier reaches its job, also what was told before there was one."""

from app.airlock.courier.controls import Controls
from app.airlock.courier.messages import Cancel, Pause, Propose, Resume, SpeedLimit


class Job:
    def __init__(self) -> None:
        self.told: list[object] = []

    def pause(self) -> None:
        self.told.append("pause")

    def resume(self) -> None:
        self.told.append("resume")

    def stop(self) -> None:
        self.told.append("stop")

    def set_speed_limit(self, bytes_per_s: float | None) -> None:
        self.told.append(bytes_per_s)


def test_what_was_told_before_there_was_a_job_holds_for_it() -> None:
    controls, job = Controls(), Job()
    for request in (SpeedLimit(7), Pause(), Propose(number=1)):
        controls.obey(request)
    controls.attach(job)
    assert job.told == [7, "pause"]
    for request in (Resume(), SpeedLimit(0), Pause(), Propose(number=1), Cancel()):
        controls.obey(request)
    assert job.told[2:] == ["resume", None, "pause", "stop"]
    assert controls.stopped.is_set()


def test_a_cancel_that_came_early_stops_the_job() -> None:
    controls, job = Controls(), Job()
    controls.obey(Cancel())
    controls.attach(job)
    assert job.told == ["stop"]
