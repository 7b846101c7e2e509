#!/usr/bin/env python3
"""Makes the pictures of this folder: plays the beginning of a community over HTTP, as browsers do, and lets Chromium look at its pages.

    docs/pictures/make.py [--to FOLDER] [--all]

Needs Python 3 and Chromium (apt-get install chromium), nothing else. With --all it looks at every page, on a phone and on a desktop, in light and dark.
"""
import argparse
import html
import http.client
import http.cookiejar
import http.server
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import urllib.error
import urllib.parse
import urllib.request

ROOT = os.path.realpath(os.path.join(os.path.dirname(__file__), "..", ".."))
SIZES = {"phone": "390,844", "desktop": "1280,900"}


class Device:
    """A browser without a window: keeps cookies, and sends the forms of the pages that it has seen."""

    def __init__(self, base, name):
        self.base = base
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))
        self.opener.addheaders = [("User-Agent", name), ("Accept", "text/html")]
        self.answers = {}  # pages that are shown once, in the answer to a form, by a name of our own

    def get(self, path):
        return self.send(urllib.request.Request(self.base + path))

    def post(self, page, path, **fields):
        """Opens a page, and sends the form of it that goes to a path."""
        token = re.search(r'name="form_token" value="([^"]+)"', self.get(page))
        if not token:
            sys.exit(f"{page} has no form")
        fields["form_token"] = token.group(1)
        return self.send(urllib.request.Request(self.base + path, data=urllib.parse.urlencode(fields).encode()))

    def send(self, request):
        try:
            with self.opener.open(request) as answer:
                self.path = urllib.parse.urlparse(answer.url).path
                return answer.read().decode()
        except urllib.error.HTTPError as e:
            sys.exit(f"{request.get_method()} {request.full_url} was answered {e.code}:\n{e.read().decode()}")

    def cookie(self):
        return "; ".join(f"{c.name}={c.value}" for c in self.cookies)


def found(pattern, text):
    match = re.search(pattern, text)
    if not match:
        sys.exit(f"expected {pattern} in:\n{text}")
    return html.unescape(match.group(1))


def serve(folder):
    """Starts a server in an empty place; gives its process, its address, and the operator's link."""
    environment = dict(os.environ, THYWILL_SERVER_KEY="only-for-pictures-of-a-demonstration")
    server = subprocess.Popen([os.path.join(ROOT, "thywill"), "serve", "--port", "0", "--archive", folder + "/text_archives", "--db", folder + "/community.db"],
                              stdout=subprocess.PIPE, text=True, env=environment)
    link = None
    for line in server.stdout:
        link = link or (re.search(r"(/join/\S+)", line) or [None, None])[1]
        listens = re.search(r"listens at (\S+?)[.,]? ", line)
        if listens:
            return server, listens.group(1).rstrip("."), link
    sys.exit("the server did not start")


def play(base, link):
    """The beginning of a community. Gives devices by name, and places by what they show."""
    ruth = Device(base, "Firefox on a laptop")
    ruth.post(link, link, name="Ruth Lindqvist")
    places = {"home": "/", "how": "/how-it-works", "feed": "/feed/pray-now", "praise": "/feed/praise", "ask": "/ask", "pray": "/pray", "members": "/members", "roles": "/roles", "me": "/me",
              "signins": "/sign-ins", "invites": "/invites", "moderation": "/moderation", "settings": "/settings", "audit": "/audit", "console": "/console", "statistics": "/statistics?per=day", "whatsnew": "/whats-new"}

    def invite():
        page = ruth.post("/invites", "/invites", days="7", uses="1")
        places["invite"] = "/answers/invite"
        ruth.answers[places["invite"]] = page
        return urllib.parse.urlparse(found(r'id="link"[^>]* value="([^"]+)"', page)).path

    def joined(name, device):
        token = invite()
        member = Device(base, device)
        member.post(token, token, name=name)
        return member

    samuel = joined("Samuel Okafor", "Chrome on a phone")
    maria = joined("María José Vidal", "Safari on a tablet")

    def ask(member, text, visibility="members"):
        member.post("/ask", "/ask", text=text, visibility=visibility, client_id="")
        return member.path.split("/")[-1]

    surgery = ask(samuel, "My mother has her hip operation on Thursday. Pray for steady hands for the surgeons, and for peace of heart for her and for us who wait.", "public")
    harvest = ask(maria, "For rain before the harvest. The wells in our valley are low.", "anonymous")
    job = ask(ruth, "For Daniel, who has been looking for work since the spring and is losing courage.")
    ask(samuel, "That we find a flat near the school before the term begins.")
    unkind = ask(maria, "Pray that my neighbour Karl finally learns to behave; he lives in Mill Lane 4.")
    for member, prayer in [(ruth, surgery), (maria, surgery), (maria, surgery), (ruth, harvest), (samuel, job)]:
        member.post("/prayers/" + prayer, f"/prayers/{prayer}/prayed", client_id="")
    samuel.post("/prayers/" + surgery, f"/prayers/{surgery}/praise", testimony="The operation went well, and she walked ten steps this morning. Thank you, all of you.")
    ruth.post("/prayers/" + unkind, f"/prayers/{unkind}/report", reason="It names a neighbour and where he lives.")
    ruth.post("/members/samuel_okafor", "/members/samuel_okafor/badges", financial="yes", prayer_warrior="yes", reason="")
    ruth.post("/whats-new", "/whats-new", kind="meta", text="On the first Friday of each month we pray together at seven in the evening.")
    phone = Device(base, "Firefox on a new phone")
    phone.post("/sign-in", "/sign-in", name="Samuel Okafor")
    places.update(prayer="/prayers/" + surgery, mine="/prayers/" + harvest, member="/members/samuel_okafor", waiting="/sign-in/waiting", signin="/sign-in", join=invite(), problem="/nowhere")
    return {"admin": ruth, "member": samuel, "new": phone, "stranger": Device(base, "Any browser")}, places


def proxy(device):
    """A server that Chromium looks at: hands everything on to the real one, with the cookies of a device."""
    target = urllib.parse.urlparse(device.base).netloc

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            if self.path in device.answers:
                body = device.answers[self.path].encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
                return
            connection = http.client.HTTPConnection(target)
            connection.request("GET", self.path, headers={"Cookie": device.cookie(), "Accept": "text/html", "Host": "pray.example.org"})
            answer = connection.getresponse()
            body = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection", "set-cookie"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *unused):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def photograph(address, size, scheme, file, profile):
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not chromium:
        sys.exit("Chromium is missing: apt-get install chromium")
    subprocess.run([chromium, "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                    "--hide-scrollbars", "--blink-settings=preferredColorScheme=" + ("0" if scheme == "dark" else "1"), "--user-data-dir=" + profile, "--screenshot=" + file,
                    "--window-size=" + SIZES[size], address], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--to", default=os.path.dirname(os.path.realpath(__file__)), help="the folder for the pictures")
    options.add_argument("--all", action="store_true", help="every page, in both sizes, light and dark")
    options.add_argument("--only", default="", help="with --all: only these pages, by name and comma")
    chosen = options.parse_args()
    os.makedirs(chosen.to, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        server, base, link = serve(folder)
        try:
            devices, places = play(base, link)
            addresses = {name: proxy(device) for name, device in devices.items()}
            pictures = [("feed", "member", "phone", "light"), ("prayer", "member", "phone", "dark"), ("invite", "admin", "phone", "light"), ("feed", "admin", "desktop", "light"), ("console", "admin", "desktop", "dark")]
            if chosen.all:
                who = {"home": "stranger", "how": "stranger", "signin": "stranger", "join": "stranger", "waiting": "new"}
                names = [name for name in places if not chosen.only or name in chosen.only.split(",")]
                pictures = [(name, who.get(name, "admin"), size, scheme) for name in names for size in SIZES for scheme in ("light", "dark")]
            for name, device, size, scheme in pictures:
                photograph(addresses[device] + places[name], size, scheme, os.path.join(os.path.realpath(chosen.to), f"{name}-{size}-{scheme}.png"), folder + "/profile")
                print(f"{name}-{size}-{scheme}.png")
        finally:
            server.terminate()
            server.wait(30)


if __name__ == "__main__":
    main()
