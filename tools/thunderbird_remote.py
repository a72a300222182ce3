"""Tells a Thunderbird what to do through Marionette, its remote control for tests.

Thunderbird must run with OPTIONS and with `preferences(port)` in its profile. The scripts run in
its main window with all its rights.
"""

import json
import socket

from thunderbird_desktop import harness

OPTIONS = ("--marionette", "--remote-allow-system-access")

# What the scripts have at hand. A request of Thunderbird's is a promise here.
TOOLBOX = """
const { MailServices } = ChromeUtils.importESModule("resource:///modules/MailServices.sys.mjs");
const { MailUtils } = ChromeUtils.importESModule("resource:///modules/MailUtils.sys.mjs");
const server = MailServices.accounts.accounts[0].incomingServer;
const root = server.rootFolder;
// A folder by its path as people see it: "Projects/2026".
function folder(path) {
    let found = root;
    for (const name of path.split("/")) {
        found = [...found.subFolders].find((one) => [one.localizedName, one.name].includes(name));
        if (!found) throw new Error("no folder " + path);
    }
    return found;
}
function messages(path) { return [...folder(path).messages]; }
function bySubject(path, ...subjects) {
    const found = messages(path).filter((one) => subjects.includes(one.mime2DecodedSubject));
    if (found.length !== subjects.length) throw new Error(path + " has " + found.length);
    return found;
}
function settle(status, resolve, reject) {
    Components.isSuccessCode(status) ? resolve() : reject(new Error("status " + status));
}
// start(listener) begins something that ends with OnStopRunningUrl.
function url(start) {
    return new Promise((resolve, reject) => start({
        QueryInterface: ChromeUtils.generateQI(["nsIUrlListener"]),
        OnStartRunningUrl() {},
        OnStopRunningUrl(_, status) { settle(status, resolve, reject); },
    }));
}
// start(listener) begins a copy, a move or a deletion.
function copy(start) {
    return new Promise((resolve, reject) => start({
        QueryInterface: ChromeUtils.generateQI(["nsIMsgCopyServiceListener"]),
        onStartCopy() {}, onProgress() {}, setMessageKey() {}, getMessageId() { return null; },
        onStopCopy(status) { settle(status, resolve, reject); },
    }));
}
"""


def preferences(port):
    return {"marionette.port": port}


class Remote:
    def __init__(self, port):
        self.socket = harness.wait_until(
            lambda: self._connect(port), "Thunderbird's remote control", 4 * harness.PATIENCE)
        self.file = self.socket.makefile("rb")
        self.number = 0
        self._receive()  # its greeting
        self.command("WebDriver:NewSession")
        self.command("Marionette:SetContext", value="chrome")
        self.command("WebDriver:SetTimeouts", script=20_000 * harness.PATIENCE)

    def _connect(self, port):
        try:
            return socket.create_connection(("127.0.0.1", port), timeout=25 * harness.PATIENCE)
        except OSError:
            return None

    def _receive(self):
        """One message: its length in digits, ":", JSON."""
        digits = b""
        while (octet := self.file.read(1)) != b":":
            if not octet:
                raise EOFError("Thunderbird has ended")
            digits += octet
        return json.loads(self.file.read(int(digits)))

    def command(self, name, **parameters):
        self.number += 1
        octets = json.dumps([0, self.number, name, parameters]).encode()
        self.socket.sendall(b"%d:%b" % (len(octets), octets))
        _, _, fault, result = self._receive()
        if fault:
            raise AssertionError(f"{name}: {fault}")
        return result

    def run(self, script, *arguments, toolbox=TOOLBOX):
        """The value that an async function with this body returns; `given` are the arguments."""
        body = ("const [given, done] = [[...arguments], arguments[arguments.length - 1]];"
                f"{toolbox} (async () => {{ {script} }})().then("
                "(value) => done({ value: value === undefined ? null : value }),"
                "(fault) => done({ fault: `${fault} ${fault.stack ?? ''}` }));")
        result = self.command("WebDriver:ExecuteAsyncScript", script=body, args=list(arguments),
                              newSandbox=True)["value"]
        if "fault" in result:
            raise AssertionError(result["fault"])
        return result["value"]

    def close(self):
        self.file.close()
        self.socket.close()
