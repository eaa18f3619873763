"""The same with Autobahn for Python. Usage: python3 matrix.py PORT."""
import sys

from autobahn.twisted.websocket import WebSocketClientFactory, WebSocketClientProtocol
from autobahn.websocket.compress import (
    PerMessageDeflateOffer, PerMessageDeflateResponse, PerMessageDeflateResponseAccept)
from twisted.internet import reactor

SIZES = [0, 1, 127, 128, 1000, 65535, 200000]
OFFERS = [
    (accept_nct, request_nct, accept_bits, bits)
    for accept_nct in (True, False) for request_nct in (True, False)
    for accept_bits in (True, False) for bits in (0, 9, 12, 15)
]
state = {"at": 0, "failed": 0, "compressed": 0}


class Client(WebSocketClientProtocol):
    def onOpen(self):
        self.sent = [("%d room " % size * size)[:size] for size in SIZES]
        self.heard = 0
        used = bool(self.websocket_extensions_in_use)
        state["compressed"] += used
        # The server has one size of window.
        if used != (OFFERS[state["at"]][3] in (0, 15)):
            state["failed"] += 1
        for message in self.sent:
            self.sendMessage(message.encode(), isBinary=False)

    def onMessage(self, payload, isBinary):
        if payload.decode() != self.sent[self.heard]:
            state["failed"] += 1
        self.heard += 1
        if self.heard == len(self.sent):
            self.sendClose(1000)

    def onClose(self, wasClean, code, reason):
        if not wasClean or getattr(self, "heard", 0) != len(SIZES):
            state["failed"] += 1
            print(OFFERS[state["at"]], wasClean, code, reason, file=sys.stderr)
        state["at"] += 1
        following()


def accept(response):
    if isinstance(response, PerMessageDeflateResponse):
        return PerMessageDeflateResponseAccept(response)
    return None


def following():
    if state["at"] == len(OFFERS):
        print("%d combinations, %d with compression, %d failed"
              % (len(OFFERS), state["compressed"], state["failed"]))
        reactor.stop()
        return
    factory = WebSocketClientFactory("ws://127.0.0.1:%s/" % sys.argv[1])
    factory.protocol = Client
    factory.setProtocolOptions(
        perMessageCompressionOffers=[PerMessageDeflateOffer(*OFFERS[state["at"]])],
        perMessageCompressionAccept=accept)
    reactor.connectTCP("127.0.0.1", int(sys.argv[1]), factory)


following()
reactor.run()
sys.exit(1 if state["failed"] else 0)
