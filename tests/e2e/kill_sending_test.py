"""kill -9 under delivery (R9): nothing is lost, and little comes twice."""

import os
import poplib
import random
import re
import threading
import unittest

from e2e import harness

ANN = f"ann@{harness.DOMAIN}"
CONNECTIONS = 4
ROUNDS = 5 if os.environ.get("HAUSPOST_QUICK") else 25
MESSAGES = 8  # of a round


class KilledWhileSending(unittest.TestCase):
    def test_each_message_arrives_and_few_arrive_twice(self):
        seed = random.randrange(1 << 32)
        chance = random.Random(seed)
        far = harness.Server(settings={"hostname": "mail.far.example"})
        self.addCleanup(far.remove)
        far.add_domain("far.example")
        far.add_account("bob", domain="far.example")
        far.start()
        near = harness.Server(settings={
            "delivery.relay": f"{far.address}:{far.smtp_port}", "delivery.relay_verify": False,
            "delivery.retry_first": "1s", "delivery.retry_longest": "1s", "delivery.lease": "2s",
            "delivery.connections_per_domain": CONNECTIONS,
        })
        self.addCleanup(near.remove)
        near.add_domain()
        near.add_account("ann")
        promised = []
        for number in range(ROUNDS):
            near.start()
            killer = threading.Timer(0.05 + 0.3 * chance.random(), near.process.kill)
            killer.start()
            try:
                with near.submission() as peer:
                    for one in range(MESSAGES):
                        name = f"round {number} message {one}"
                        harness.send_one(peer, ANN, ["bob@far.example"],
                                         harness.message(name, sender=ANN))
                        promised.append(name)
            except (OSError, EOFError, harness.smtplib.SMTPException):
                pass  # what was not answered was not promised
            killer.join()
            near.kill()
        near.start()
        harness.wait_until(lambda: '"queue":[]' in near.command("queue", "list", "--json"),
                           lambda: f"the queue to empty (seed {seed})\n{near.log()[-3000:]}")
        self.assertEqual(near.stop(), 0)
        near.check()
        arrived = self.subjects(far)
        self.assertEqual([name for name in promised if name not in arrived], [], f"seed {seed}")
        twice = len(arrived) - len(set(arrived))
        self.assertLessEqual(twice, ROUNDS * CONNECTIONS, f"seed {seed}")
        for server in (near, far):
            self.assertNotRegex(server.log(), harness.SANITIZER)

    @staticmethod
    def subjects(server):
        peer = poplib.POP3_SSL(server.address, server.pop3s_port, context=harness.tls_context(),
                               timeout=harness.PATIENCE)
        peer.user("bob@far.example")
        peer.pass_(harness.PASSWORD)
        count = peer.stat()[0]
        found = []
        for number in range(1, count + 1):
            header = b"\n".join(peer.top(number, 0)[1]).decode()
            found.append(re.search(r"^Subject: (.*)$", header, re.MULTILINE).group(1))
        peer.quit()
        return found


if __name__ == "__main__":
    unittest.main()
