"""A web server on the loopback interface for the tests of downloads. It prints its port and its folder, and ends when its
standard input closes. Without a folder it makes one with the archives of archives.py, and removes it at its end.

  /plain/NAME      the file from its start, whatever is asked for
  /range/NAME      with ranges, an ETag and If-Range
  /cut/N/NAME      as /range, but the connection closes after N bytes of every answer
  /changing/NAME   as /range, with another ETag at every request
  /stale/NAME      as /range, but an If-Range never matches
  /wrongrange/NAME a range from another offset than asked for
  /stall/NAME      as /range, but nothing comes after the first kilobyte
  /redirect/REST   to /REST
  /tofile          redirects to a file of the machine
  /status/N        this status
  /simple/NAME/    a package index in JSON (PEP 691) of the folder's archives
  /html/NAME/      an index that does not speak JSON
  /log             the requests so far: a line each, path and Range header
"""
import argparse, hashlib, json, os, re, shutil, sys, tempfile, threading, time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

arguments = argparse.ArgumentParser()
arguments.add_argument("folder", nargs="?")
options = arguments.parse_args()
log, counter = [], [0]
made = None
if not options.folder:
    import archives

    made = options.folder = tempfile.mkdtemp(prefix="percept-server-")
    archives.make(made)


def normalised(name):
    return re.sub(r"[-_.]+", "-", name).lower()


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *arguments):
        pass

    def answer(self, body, content="text/plain", status=200, headers={}):
        self.send_response(status)
        self.send_header("Content-Type", content)
        self.send_header("Content-Length", str(len(body)))
        for key, value in headers.items():
            self.send_header(key, value)
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        kind, _, rest = self.path.lstrip("/").partition("/")
        if kind == "log":
            return self.answer("".join(line + "\n" for line in log).encode())
        log.append(f"{self.path} {self.headers.get('Range', '-')}")
        if kind == "redirect":
            return self.answer(b"", status=302, headers={"Location": "/" + rest})
        if kind == "tofile":
            return self.answer(b"", status=302, headers={"Location": f"file://{options.folder}/payload.bin"})
        if kind == "status":
            return self.answer(b"no", status=int(rest.split("/")[0]))
        if kind == "html":
            return self.answer(b"<html></html>", "text/html")
        if kind == "simple":
            return self.index(rest.strip("/"))
        limit = None
        if kind == "cut":
            number, _, rest = rest.partition("/")
            limit = int(number)
        path = os.path.join(options.folder, os.path.basename(rest))
        if not os.path.exists(path):
            return self.answer(b"no such file", status=404)
        with open(path, "rb") as file:
            body = file.read()
        if kind in ("plain", "packages"):
            return self.answer(body)
        self.file(kind, body, limit)

    def file(self, kind, body, limit):
        counter[0] += 1
        tag = f'"{hashlib.sha256(body).hexdigest()[:16]}{counter[0] if kind == "changing" else ""}"'
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        condition = self.headers.get("If-Range", tag)
        start = int(wanted[1]) if wanted and condition == tag and kind != "stale" else 0
        if start > len(body) or (start == len(body) and start > 0):
            return self.answer(b"", status=416, headers={"Content-Range": f"bytes */{len(body)}"})
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(body) - start))
        self.send_header("ETag", tag)
        if start:
            told = start + 7 if kind == "wrongrange" else start
            self.send_header("Content-Range", f"bytes {told}-{len(body) - 1}/{len(body)}")
        self.end_headers()
        if kind == "stall":
            self.wfile.write(body[start:1024])
            self.wfile.flush()
            time.sleep(30)
        elif limit is not None and limit < len(body) - start:
            self.wfile.write(body[start : start + limit])
            self.close_connection = True
        else:
            self.wfile.write(body[start:])

    def index(self, name):
        if "application/vnd.pypi.simple.v1+json" not in self.headers.get("Accept", ""):
            return self.answer(b"", status=406)
        files = []
        for file in sorted(os.listdir(options.folder)):
            if normalised(file).startswith(name + "-") and file.endswith((".whl", ".tar.gz")):
                path = os.path.join(options.folder, file)
                with open(path, "rb") as content:
                    digest = hashlib.sha256(content.read()).hexdigest()
                files.append({"filename": file, "url": f"../../packages/{file}", "hashes": {"sha256": digest}, "size": os.path.getsize(path),
                              "requires-python": None, "yanked": False})
        if not files:
            return self.answer(b"", status=404)
        page = {"meta": {"api-version": "1.1"}, "name": name, "files": files}
        self.answer(json.dumps(page).encode(), "application/vnd.pypi.simple.v1+json")


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
server.daemon_threads = True
server.handle_error = lambda *arguments: None  # clients that break off are what is tested
print(server.server_address[1], options.folder, flush=True)


def end():
    if made:
        shutil.rmtree(made, ignore_errors=True)
    os._exit(0)


def wait():
    sys.stdin.read()
    end()


threading.Thread(target=wait, daemon=True).start()
server.serve_forever()
