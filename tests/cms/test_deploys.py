"""What deploys rely on."""

import re
import subprocess
import threading

import pytest
import yaml
from django.db import connection

from cms.database import one_at_a_time
from cms.media_files import PUBLIC
from tests.processes import ROOT
from tests.stack import parse_procfile


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_second_one_waits_until_the_first_is_done():
    is_in, may_go, order = threading.Event(), threading.Event(), []

    def first() -> None:
        with one_at_a_time("deploy"):
            is_in.set()
            may_go.wait(60)
            order.append("first")
        connection.close()

    def second() -> None:
        with one_at_a_time("deploy"):
            order.append("second")
        connection.close()

    threads = [threading.Thread(target=first), threading.Thread(target=second)]
    threads[0].start()
    assert is_in.wait(60)
    threads[1].start()
    threads[1].join(0.3)
    assert threads[1].is_alive()
    may_go.set()
    for thread in threads:
        thread.join(60)

    assert order == ["first", "second"]


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_that_fails_holds_up_nobody():
    with pytest.raises(ValueError, match="no"), one_at_a_time("deploy"):
        raise ValueError("no")

    with one_at_a_time("deploy"):
        pass


def test_nginx_serves_the_public_files_that_darkroom_serves():
    location = re.search(r'location ~ "\^/media/(.*)" \{', (ROOT / "deploy/nginx.conf").read_text())
    assert location is not None

    for name in (
        "12/3/a.avif",
        "12/tracks/en.vtt",
        "avatar_images/a.png",
        "cards/a.png",
        "a.jpg",
        "12/a.jpg",
        "x/3/a",
    ):
        assert bool(re.match(location[1], name)) is bool(PUBLIC.match(name)), name


def test_compose_runs_each_process_of_the_procfile_once():
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]

    names = set(parse_procfile((ROOT / "Procfile").read_text())) - {"release"}
    assert {name: services[name]["command"] for name in names} == {name: [name] for name in names}


def test_one_script_starts_any_process_of_the_procfile():
    done = subprocess.run([ROOT / "deploy/process", "nonsense"], capture_output=True, text=True)

    assert done.returncode == 64
    assert "worker_video" in done.stderr
