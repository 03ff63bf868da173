"""Alerts through Apprise: they arrive with their id, failures are sentences, secrets stay secret."""

import logging

import pytest

from tests.servers.http_sink import HttpSink
from tests.servers.smtp_sink import SmtpSink
from worker.adapters.alerting import AppriseChannel, Kind
from worker.errors import BadSettings, Transient

pytestmark = [pytest.mark.servers, pytest.mark.timeout(20)]

TITLE, BODY = "Overdue: call Ada", "You promised Ada a call by Tuesday 5 pm.\n\namends contact log 7"


def test_an_alert_arrives_with_its_id(http_sink: HttpSink) -> None:
    AppriseChannel("ops", http_sink.apprise_url()).notify(TITLE, BODY, Kind.FAILURE, "alert-7-2@example.test")
    (asked,) = http_sink.asked
    said = asked.json()
    assert said["title"] == TITLE
    assert said["message"].startswith(BODY)
    assert (said["type"], said["id"]) == ("failure", "alert-7-2@example.test")
    assert "alert-7-2@example.test" in said["message"]


def test_the_urls_own_fields_and_options_are_kept(http_sink: HttpSink) -> None:
    url = http_sink.apprise_url() + "?:team=support&rto=5&+X-Key=abc"
    AppriseChannel("ops", url).notify(TITLE, BODY, "info", "n1")
    (asked,) = http_sink.asked
    assert (asked.json()["team"], asked.json()["id"], asked.headers["x-key"]) == ("support", "n1", "abc")


def test_a_refusing_channel_is_a_sentence_without_its_secret(
    http_sink: HttpSink, caplog: pytest.LogCaptureFixture
) -> None:
    http_sink.fail(1, status=503)
    url = f"json://bea:t0psecret@127.0.0.1:{http_sink.port}/hook/abcdef123456"
    channel = AppriseChannel("ops", url)
    with caplog.at_level(logging.DEBUG), pytest.raises(Transient, match="channel ops") as caught:
        channel.notify(TITLE, BODY, "warning", "n2")
    for place in (str(caught.value), channel.describe(), caplog.text):
        assert "t0psecret" not in place
        assert "abcdef123456" not in place
    assert "503" in str(caught.value)
    assert f"127.0.0.1:{http_sink.port}" in channel.describe()


def test_it_is_tried_once_and_the_row_repeats_it(http_sink: HttpSink) -> None:
    http_sink.fail(5)
    with pytest.raises(Transient):
        AppriseChannel("ops", http_sink.apprise_url()).notify(TITLE, BODY, "warning", "n3")
    assert len(http_sink.asked) == 1


def test_nobody_listening_is_transient(http_sink: HttpSink) -> None:
    http_sink.stop()
    with pytest.raises(Transient, match="did not take the alert"):
        AppriseChannel("ops", http_sink.apprise_url()).notify(TITLE, BODY, "warning", "n4")


def test_a_slow_channel_does_not_hold_the_worker(http_sink: HttpSink) -> None:
    http_sink.delay = 3
    with pytest.raises(Transient):
        AppriseChannel("ops", http_sink.apprise_url() + "?rto=0.3").notify(TITLE, BODY, "warning", "n5")


@pytest.mark.parametrize("url", ["", "not a url", "nosuch://host/x", "json://"])
def test_a_url_nobody_understands_is_a_wrong_setting(url: str) -> None:
    with pytest.raises(BadSettings, match="channel ops"):
        AppriseChannel("ops", url)


def test_a_title_cannot_add_headers_to_an_alert_mail(smtp_sink: SmtpSink) -> None:
    url = f"mailto://127.0.0.1:{smtp_sink.port}?from=amends@example.test&to=cal@example.test&mode=insecure"
    AppriseChannel("mail", url).notify("Overdue\r\nBcc: dan@example.org", BODY, "failure", "n6@example.test")
    (mail,) = smtp_sink.mails
    assert mail.recipients == ("cal@example.test",)
    head = mail.raw.partition(b"\r\n\r\n")[0]
    assert b"\r\nBcc:" not in head
    assert b"X-Amends-Notice: n6@example.test" in head
