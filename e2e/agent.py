#!/usr/bin/env python3
"""The agent against a real API server and a real plane: what changes in the cluster is in the API within five seconds, and
nothing that was acknowledged is lost, whoever is killed or cut off.

usage: agent.py PROGRAM KUBECTL ADMIN_KUBECONFIG READONLY_KUBECONFIG sqlite|postgres
exit:  0 all held; 1 something did not, or the harness broke; 0 with SKIPPED where PostgreSQL is not installed
"""
import glob
import json
import os
import shutil
import socket
import sqlite3
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request

PROGRAM, KUBECTL, ADMIN, READONLY, ENGINE = sys.argv[1:6]
SOON = 5
TLS = ssl._create_unverified_context()  # the plane's own authority, on this machine


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Postgres:
    """A server of our own; it refuses to run as root."""

    def __init__(self, folder):
        self.programs = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]
        self.data, self.port = os.path.join(folder, "postgres"), free_port()
        os.mkdir(self.data, 0o700)
        self.user = []
        if os.getuid() == 0:
            self.user = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"]
            os.chown(self.data, 65534, 65534)
            os.chmod(folder, 0o755)
        self.run("initdb", "-U", "postgres", "-A", "trust", "-D", self.data)
        options = f"-p {self.port} -h 127.0.0.1 -k {self.data}"
        self.run("pg_ctl", "-D", self.data, "-w", "-o", options, "-l", f"{self.data}/log", "start")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments):
        subprocess.run([*self.user, os.path.join(self.programs, program), *arguments], check=True, stdout=subprocess.DEVNULL)

    def stop(self):
        self.run("pg_ctl", "-D", self.data, "-m", "immediate", "stop")


class Cut:
    """The way between agent and plane, which can be cut."""

    def __init__(self, to):
        self.to, self.is_open, self.ends = to, True, []
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            near, _ = self.listener.accept()
            try:
                if not self.is_open:
                    raise OSError("cut")
                far = socket.create_connection(("127.0.0.1", self.to))
            except OSError:
                near.close()
                continue
            self.ends += [near, far]
            for one, other in ((near, far), (far, near)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    def pump(self, one, other):
        try:
            while data := one.recv(65536):
                other.sendall(data)
        except OSError:
            pass
        self.close([one, other])

    def close(self, ends):
        for end in ends:
            try:
                end.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass

    def cut(self):
        self.is_open = False
        self.close(self.ends)
        self.ends = []

    def mend(self):
        self.is_open = True


class Plane:
    def __init__(self, folder, database):
        self.data, self.log, self.database = f"{folder}/plane", f"{folder}/plane.log", database
        self.port = free_port()
        self.start()
        with open(self.log, encoding="utf-8") as log:
            link = next(line for line in log if "first-run#" in line).split("#")[1].strip()
        answer = self.ask("POST", "/auth/first-run", {"token": link, "name": "root", "password": "only for this test 1"})
        self.session = {"cookie": answer.headers["set-cookie"].split(";")[0]}
        self.session["x-rampart-csrf"] = self.get("/session")["csrf"]

    session = {}

    def start(self):
        words = [PROGRAM, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}"]
        environment = {**os.environ, **({"RAMPART_DATABASE": self.database} if self.database else {})}
        self.process = subprocess.Popen(words, env=environment, stderr=open(self.log, "a", encoding="utf-8"))
        for _ in range(600):
            try:
                return urllib.request.urlopen(f"https://127.0.0.1:{self.port}/healthz", context=TLS, timeout=5)
            except OSError:
                time.sleep(0.1)
        raise SystemExit(f"the plane does not start: {open(self.log, encoding='utf-8').read()}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def ask(self, method, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        headers = {"content-type": "application/json", **self.session}
        url = f"https://127.0.0.1:{self.port}/api/v1{path}"
        request = urllib.request.Request(url, method=method, data=data, headers=headers)
        return urllib.request.urlopen(request, context=TLS, timeout=30)

    def get(self, path):
        return json.load(self.ask("GET", path))

    def count(self, name=None):
        named = f"&name={name}" if name else ""
        return self.get(f"/findings?cluster=live&limit=1{named}")["total"]

    def rows(self):
        """How many rows there are where a reconnect must leave none; SQLite only."""
        if self.database:
            return None
        store = sqlite3.connect(f"file:{self.data}/rampart.db?mode=ro", uri=True)
        return [store.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("finding", "drift", "batch")]


class Agent:
    def __init__(self, folder, plane, cut):
        self.data, self.log = f"{folder}/agent", f"{folder}/agent.log"
        self.words = [PROGRAM, "agent", "--server", f"https://127.0.0.1:{cut.port}", "--rest", "1"]
        self.words += ["--token-file", f"{folder}/token", "--ca", f"{plane.data}/tls/authority.pem"]
        self.words += ["--data", self.data, "--kubeconfig", READONLY]
        self.start()

    def start(self):
        self.process = subprocess.Popen(self.words, stderr=open(self.log, "a", encoding="utf-8"))

    def kill(self):
        self.process.kill()
        self.process.wait()

    def said(self):
        with open(self.log, encoding="utf-8") as log:
            return log.read()

    def ring(self):
        return f"{self.data}/unsent.ring"

    def has_unsent(self):
        return os.path.exists(self.ring()) and os.path.getsize(self.ring()) > 0

    def spoil(self):
        with open(self.ring(), "r+b") as ring:
            middle = os.path.getsize(self.ring()) // 2
            ring.seek(middle)
            byte = ring.read(1)[0] ^ 0xFF
            ring.seek(middle)
            ring.write(bytes([byte]))

    def until(self, what, seconds, reached):
        begun = time.monotonic()
        while not reached():
            if time.monotonic() - begun > seconds:
                raise SystemExit(f"{what}: not within {seconds} s; the agent said:\n{self.said()[-4000:]}")
            time.sleep(0.1)
        took = time.monotonic() - begun
        print(f"  {what}: {took:.1f} s", flush=True)
        return took


def kubectl(*arguments, text=None, check=True):
    quiet = {"stdout": subprocess.DEVNULL, "stderr": None if check else subprocess.DEVNULL}
    subprocess.run([KUBECTL, "--kubeconfig", ADMIN, *arguments], input=text, text=True, check=check, **quiet)


def role(name):
    """A Role that a rule finds fault with."""
    kubectl("apply", "-f", "-", text=f"""apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {{name: {name}, namespace: default}}
rules: [{{apiGroups: [''], resources: [pods], verbs: ['*']}}]
""")


def remove(name, check=True):
    kubectl("delete", "role", "-n", "default", name, check=check)


def hold(what, holds):
    if not holds:
        raise SystemExit(f"does not hold: {what}")


def faults(folder, plane, cut):
    name = {word: f"agent-{ENGINE}-{word}" for word in ("one", "two", "three", "four", "five")}
    agent = Agent(folder, plane, cut)
    try:
        agent.until("first state", 120, lambda: plane.count() > 100)
        role(name["one"])
        took = agent.until("kubectl apply is in the API", 30, lambda: plane.count(name["one"]))
        hold(f"a change is seen within {SOON} s", took < SOON)

        print("a reconnect writes nothing")
        time.sleep(2)
        before = plane.rows()
        agent.kill()
        agent.start()
        settled = "settled with the plane by digests"
        agent.until("settled again", 60, lambda: agent.said().count(settled) == 2)
        hold("both sides hold the same", f"{settled} rules=0 summary=false" in agent.said())
        hold("no row was written", plane.rows() == before)

        print("the plane is killed, and what happens meanwhile arrives")
        plane.kill()
        role(name["two"])
        agent.until("a batch waits", 60, agent.has_unsent)
        plane.start()
        agent.until("the change is there", 120, lambda: plane.count(name["two"]))

        print("the network is cut, and the agent is killed meanwhile")
        cut.cut()
        role(name["three"])
        agent.until("a batch waits", 60, agent.has_unsent)
        agent.kill()
        remove(name["one"])
        agent.start()
        time.sleep(2)
        cut.mend()
        there = lambda: plane.count(name["three"]) and not plane.count(name["one"])
        agent.until("what was before and after the kill is there", 120, there)

        print("the ring is spoilt")
        agent.until("nothing waits", 60, lambda: not agent.has_unsent())
        cut.cut()
        role(name["four"])
        agent.until("a batch waits", 60, agent.has_unsent)
        agent.kill()
        agent.spoil()
        agent.start()
        cut.mend()
        agent.until("the change of the spoilt batch is there", 120, lambda: plane.count(name["four"]))
        hold("the damage is told", "are spoilt and were cut off" in agent.said())

        print("both are killed at once")
        plane.kill()
        agent.kill()
        role(name["five"])
        remove(name["two"])
        plane.start()
        agent.start()
        there = lambda: plane.count(name["five"]) and not plane.count(name["two"])
        agent.until("what happened meanwhile is there", 120, there)

        print("the agent is revoked")
        plane.ask("POST", f"/agents/{plane.get('/agents')['items'][0]['id']}/revoke", {})
        agent.until("it ends", 90, lambda: agent.process.poll() is not None)
        hold("it says why", "this agent was revoked" in agent.said())
    finally:
        if agent.process.poll() is None:
            agent.kill()
        for one in name.values():
            remove(one, check=False)


def main():
    if ENGINE == "postgres" and not glob.glob("/usr/lib/postgresql/*/bin"):
        print("SKIPPED: PostgreSQL is not installed")
        return
    folder = tempfile.mkdtemp(prefix="rampart-agent-")
    database = Postgres(folder) if ENGINE == "postgres" else None
    try:
        plane = Plane(folder, database.url if database else None)
        try:
            wanted = {"cluster": "live", "uses": 1, "hours": 1, "needsApproval": False}
            with open(f"{folder}/token", "w", encoding="utf-8") as token:
                token.write(json.load(plane.ask("POST", "/join-tokens", wanted))["secret"])
            faults(folder, plane, Cut(plane.port))
        finally:
            plane.kill()
    finally:
        if database:
            database.stop()
        shutil.rmtree(folder, ignore_errors=True)


main()
