"""Reads a recording of `conformance --wire --record`: the calls of one document with the requests and
responses that they caused, taken apart by h11 from the bytes on the wire."""

import base64
import dataclasses
import json
from urllib.parse import urlsplit

import h11

TOKEN_PATH = "/auth-api/1.0/auth/token"


@dataclasses.dataclass
class Message:
    """A request or a response."""

    headers: list[tuple[str, str]]
    body: bytes = b""
    method: str = ""
    target: str = ""
    status: int = 0
    complete: bool = False

    def header(self, name):
        """The value of a header, or None; several values are joined as HTTP joins them."""
        values = [value for key, value in self.headers if key.lower() == name.lower()]
        return ", ".join(values) if values else None

    @property
    def media_type(self):
        return (self.header("content-type") or "").split(";")[0].strip().lower()

    @property
    def path(self):
        return urlsplit(self.target).path

    @property
    def query(self):
        return urlsplit(self.target).query


@dataclasses.dataclass
class Exchange:
    """A call with one of its requests and the response to it, if there was one."""

    call: dict
    request: Message
    response: Message | None
    is_token_exchange: bool


class Connection:
    """Both directions of one connection, which h11 follows as the server would."""

    def __init__(self):
        self.server = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 24)
        self.client = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 24)
        self.request = None
        self.response = None

    def sent(self, data):
        """Bytes from the client. Yields each request when it is complete."""
        self.server.receive_data(data)
        while True:
            event = self.server.next_event()
            if isinstance(event, h11.Request):
                self.client.send(event)
                self.request = Message(
                    text_of(event.headers),
                    method=event.method.decode(),
                    target=event.target.decode("latin-1"),
                )
            elif isinstance(event, h11.Data):
                self.request.body += bytes(event.data)
                self.client.send(event)
            elif isinstance(event, h11.EndOfMessage):
                self.client.send(event)
                self.request.complete = True
                yield self.request
            else:
                return

    def received(self, data):
        """Bytes from the server. Yields each response when it is complete."""
        self.client.receive_data(data)
        while True:
            event = self.client.next_event()
            if isinstance(event, h11.Response):
                self.server.send(event)
                self.response = Message(text_of(event.headers), status=event.status_code)
            elif isinstance(event, h11.Data):
                self.response.body += bytes(event.data)
                self.server.send(event)
            elif isinstance(event, h11.EndOfMessage):
                self.server.send(event)
                self.response.complete = True
                yield self.response
                if self.client.our_state is h11.DONE and self.client.their_state is h11.DONE:
                    self.client.start_next_cycle()
                    self.server.start_next_cycle()
            else:
                return


def text_of(headers):
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def exchanges(path):
    """Yields every exchange of a recording in order. Requests whose response broke off have none."""
    call, connections, open_requests = {}, {}, {}
    with open(path, encoding="utf-8") as file:
        for line in file:
            event = json.loads(line)
            if "call" in event:
                call = event["call"]
            elif "done" in event:
                for request in open_requests.values():
                    yield exchange(call, request, None)
                open_requests.clear()
            else:
                number = event["connection"]
                connection = connections.setdefault(number, Connection())
                if "sent" in event:
                    for request in connection.sent(base64.b64decode(event["sent"])):
                        open_requests[number] = request
                else:
                    try:
                        for response in connection.received(base64.b64decode(event["received"])):
                            yield exchange(call, open_requests.pop(number), response)
                    except h11.RemoteProtocolError:
                        # The sandbox broke the response off on purpose.
                        connections[number] = Connection()


def exchange(call, request, response):
    return Exchange(call, request, response, request.path == TOKEN_PATH)
