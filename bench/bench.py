#!/usr/bin/env python3
"""Compares the speed of histods with that of the tools that a user would run instead, on this machine, over loopback. Nothing is asserted.

usage: bench/bench.py [--rounds 3] [--only ROW,ROW] [--quick] [--huge] [--work DIR]

rows: start, small, zip, slide, member, verify, stamps, memory (all by default)

Each round runs histods and its peers in turn, each in a new folder, and deletes the folder. Prints the tables of
docs/performance.md: medians, and the lowest and the highest of the rounds. Run it on an idle machine, with 10 GB of disk.

Needs nginx and time (GNU); the peers aria2c, curl, bsdtar (libarchive-tools), unzip, rclone and pooch (python3-pooch) are Debian packages.
A peer that is not installed is left out and named.
"""
import argparse
import hashlib
import os
import random
import shlex
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from xml.sax.saxutils import escape

PROJECT = Path(__file__).resolve().parent.parent
HISTODS = os.environ.get("HISTODS", str(PROJECT / "histods"))


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


PORT = free_port()
PEERS = ("aria2c", "curl", "bsdtar", "unzip", "rclone")
ROWS = ("start", "small", "zip", "slide", "member", "verify", "stamps", "memory")
CORES = os.cpu_count() or 1
SUMS = f"xargs -0 -P{CORES} -n 200 sha256sum"


class Run:
    """One timed command: wall seconds, processor seconds, peak resident memory in MB (of its largest process)."""

    def __init__(self, command, cwd, env, may_fail=False):
        # Measured from a small process: the peak of a process begins with that of the one that forked it.
        usage = cwd / "usage.log"
        timed = ["time", "-o", str(usage), "-f", "%U %S %M", "bash", "-o", "pipefail", "-c", command]
        with open(cwd / "out.log", "wb") as out:
            start = time.monotonic()
            status = subprocess.run(timed, cwd=cwd, env=env, stdout=out, stderr=out).returncode
            self.wall = time.monotonic() - start
        user, system, peak = usage.read_text().split("\n")[-2].split()
        self.cpu = float(user) + float(system)
        self.rss = int(peak) * 1024 / 1e6
        if status != 0 and not may_fail:
            sys.exit(f"failed: {command}\n" + (cwd / "out.log").read_text(errors="replace")[-2000:])


class Bench:
    def __init__(self, work, rounds, quick, huge):
        self.work, self.rounds, self.quick, self.huge = work, rounds, quick, huge
        self.www = work / "www"
        self.www.mkdir()
        self.env = dict(os.environ, HOME=str(work / "home"), XDG_CACHE_HOME=str(work / "home/.cache"))
        for name in [name for name in self.env if name.startswith(("HISTODS_", "XDG_CONFIG", "XDG_STATE"))]:
            del self.env[name]
        (work / "home").mkdir()

    # ---- the server

    def serve(self):
        conf = self.work / "nginx.conf"
        conf.write_text(f"""
daemon off; pid {self.work}/nginx.pid; error_log {self.work}/nginx.err; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  log_format sent "$body_bytes_sent";
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
  client_body_temp_path {self.work}/t1; proxy_temp_path {self.work}/t2; fastcgi_temp_path {self.work}/t3;
  uwsgi_temp_path {self.work}/t4; scgi_temp_path {self.work}/t5;
  map $args $listing {{ default list-0.xml; ~continuation-token=(p[0-9]+) list-$1.xml; }}
  server {{
    listen 127.0.0.1:{PORT}; root {self.www};
    location /bucket.s3.amazonaws.com/ {{ if ($arg_prefix != "") {{ rewrite ^ /bucket.s3.amazonaws.com/$listing last; }} }}
    location ~ \\.xml$ {{ default_type application/xml; types {{ }} }}
    location /slow.example/ {{ limit_rate 20m; }}
    location /member.example/ {{ access_log {self.work}/sent.log sent; }}
  }}
}}
""")
        self.server = subprocess.Popen(["nginx", "-c", str(conf), "-p", str(self.work)])
        time.sleep(1)

    def stop(self):
        self.server.terminate()
        self.server.wait()

    # ---- measuring

    def folder(self):
        return Path(tempfile.mkdtemp(dir=self.work, prefix="run-"))

    def delete(self, folder):
        subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False)
        shutil.rmtree(folder, ignore_errors=True)

    def once(self, command, folder=None, may_fail=False):
        own = self.folder() if folder is None else folder
        run = Run(command, own, self.env, may_fail)
        if folder is None:
            self.delete(own)
        return run

    def alternate(self, commands, rounds=None, keep=False):
        """
        Runs each command once a round, in turn; the runs by name.

        With `keep`, all folders are deleted after the last round: for half a minute and more, ext4 searches past the inodes of
        deleted files for each new one, so that whoever writes thousands of files after a deletion pays for it.
        """
        runs = {key: [] for key in commands}
        kept = []
        for _ in range(rounds or self.rounds):
            for key, command in commands.items():
                folder = self.folder() if keep else None
                runs[key].append(self.once(command, folder))
                kept += [folder] if keep else []
        for folder in kept:
            self.delete(folder)
        return runs

    def table(self, title, runs, measure=None):
        """
        The runs as a table. The last column is the time of each command of histods as a multiple of `measure`, or where
        that is not given the time of histods as a multiple of each other command.
        """
        def wall(key):
            return statistics.median(run.wall for run in runs[key])

        def ratio(key):
            if measure is None:
                return "" if key == "histods" else f"{wall('histods') / wall(key):.2f}"
            return "" if measure not in runs or key == measure else f"{wall(key) / wall(measure):.2f}"

        head = "histods ÷ this" if measure is None else f"this ÷ `{measure}`"
        print(f"\n### {title}\n\n| command | wall | lowest–highest | processor | most memory | {head} |")
        print("|---|---|---|---|---|---|")
        digits = 3 if max(wall(key) for key in runs) < 2 else 2
        for key, list_ in runs.items():
            walls = sorted(run.wall for run in list_)
            print(f"| {key} | {wall(key):.{digits}f} s | {walls[0]:.{digits}f}–{walls[-1]:.{digits}f} s"
                  f" | {statistics.median(run.cpu for run in list_):.{digits}f} s"
                  f" | {statistics.median(run.rss for run in list_):.0f} MB | {ratio(key)} |")
        sys.stdout.flush()

    # ---- datasets

    def manifest(self, name, source):
        path = self.work / f"{name}.yaml"
        path.write_text(
            f"id: {name}\ntitle: A benchmark\nversion: \"1\"\nlicense: {{}}\naccess: {{ status: open }}\nsources:\n{source}")
        return path

    def one_file(self, name, host, path, md5=None):
        """The manifest of a dataset of one file below `www/host/`."""
        sums = "" if md5 is None else f"        sums: [{{ sum: \"md5:{md5}\", by: the benchmark }}]\n"
        size = (self.www / host / path).stat().st_size
        return self.manifest(name, f"  - kind: http\n    official: true\n    files:\n      - path: {path}\n"
                             f"        at: https://{host}/{path}\n        bytes: {size}\n{sums}")

    def tiles(self, host, members, size, deflated=True):
        """A zip of tiles that hardly compress, as JPEG and PNG do not."""
        folder = self.www / host
        folder.mkdir(exist_ok=True)
        rnd = random.Random(members)
        kind = zipfile.ZIP_DEFLATED if deflated else zipfile.ZIP_STORED
        with zipfile.ZipFile(folder / "tiles.zip", "w", kind) as z:
            for i in range(members):
                z.writestr(f"TILES/class{i % 97}/tile{i:07d}.png", rnd.randbytes(size * 19 // 20) + bytes(size // 20))
        md5 = hashlib.md5((folder / "tiles.zip").read_bytes()).hexdigest()
        return folder / "tiles.zip", self.one_file(host.split(".")[0], host, "tiles.zip", md5)

    def pull(self, manifest, first=False, extra="", mirror="mirror"):
        route = f"--route '*=http://127.0.0.1:{PORT}/{{host}}'"
        if first:
            return f"{HISTODS} --mirror {mirror} -q pull {manifest} {route} {extra}"
        return f"HISTODS_MIRROR={mirror} {HISTODS} pull {manifest} -q {route} {extra}"

    # ---- rows

    def start(self):
        _, manifest = self.tiles("start.example", 20, 1000)
        mirror = self.work / "start-mirror"
        self.once(self.pull(manifest, mirror=mirror))
        with_mirror = f"HISTODS_MIRROR={mirror} {HISTODS}"
        pooch = "python3 -c 'import pooch'"
        runs = {
            "histods --version": f"{HISTODS} --version",
            "histods --help": f"{HISTODS} --help",
            "histods list": f"{with_mirror} list",
            "histods status": f"{with_mirror} status",
            "histods path start": f"{with_mirror} path start",
            "java -version": "java -Xshare:auto -XX:TieredStopAtLevel=1 -version",
        }
        if subprocess.run(["/usr/bin/python3", "-c", "import pooch"], capture_output=True).returncode == 0:
            runs[pooch] = "/usr/bin/python3 -c 'import pooch'"
        self.table("Start-up", self.alternate(runs, max(self.rounds, 9)), measure=pooch)

    def small(self):
        count, size = (500 if self.quick else 5000), 20_000
        bucket = self.www / "bucket.s3.amazonaws.com"
        (bucket / "tiles").mkdir(parents=True)
        rnd, keys = random.Random(1), []
        for i in range(count):
            data = rnd.randbytes(size)
            (bucket / f"tiles/t{i:06d}.png").write_bytes(data)
            keys.append((f"tiles/t{i:06d}.png", hashlib.md5(data).hexdigest()))
        pages = [keys[i:i + 1000] for i in range(0, count, 1000)]
        for n, page in enumerate(pages):
            last = n == len(pages) - 1
            items = "".join(f"<Contents><Key>{escape(k)}</Key><LastModified>2024-01-01T00:00:00.000Z</LastModified>"
                            f"<ETag>&quot;{m}&quot;</ETag><Size>{size}</Size></Contents>" for k, m in page)
            more = "" if last else f"<NextContinuationToken>p{n + 1}</NextContinuationToken>"
            (bucket / ("list-0.xml" if n == 0 else f"list-p{n}.xml")).write_text(
                '<?xml version="1.0" encoding="UTF-8"?><ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
                f"<Name>bucket</Name><Prefix>tiles/</Prefix><KeyCount>{len(page)}</KeyCount><MaxKeys>1000</MaxKeys>"
                f"<IsTruncated>{str(not last).lower()}</IsTruncated>{items}{more}</ListBucketResult>")
        manifest = self.manifest("bench-small", "  - kind: s3\n    record: s3://bucket/tiles/\n    official: true\n")
        urls, names = self.work / "urls.txt", self.work / "names.txt"
        base = f"http://127.0.0.1:{PORT}/bucket.s3.amazonaws.com/"
        urls.write_text("".join(f'url = "{base}{k}"\noutput = "f{i}"\n' for i, (k, _) in enumerate(keys)))
        names.write_text("".join(f"{k}\n" for k, _ in keys))
        md5sums = self.work / "md5sums.txt"
        md5sums.write_text("".join(f"{m}  {k}\n" for k, m in keys))
        floor = f"cp -r {bucket}/tiles . && md5sum --quiet -c {md5sums} && find tiles -type f -print0 | {SUMS} > s"
        self.table(f"{count:,} files of 20 kB from an S3 listing", self.alternate({
            "histods": self.pull(manifest),
            **self.peer("curl", "curl -Z --parallel-max 16, md5sum, sha256sum",
                        f"curl -sZ --parallel-max 16 -K {urls} && ls f* | xargs md5sum > m && ls f* | tr '\\n' '\\0' | {SUMS} > s"),
            **self.peer("rclone", "rclone copy --transfers 16, md5sum, sha256sum",
                        f"rclone copy --config /dev/null --transfers 16 --checkers 16 -q --http-url {base}"
                        f" --files-from {names} --no-traverse :http: . && md5sum --quiet -c {md5sums}"
                        f" && find tiles -type f -print0 | {SUMS} > s"),
            "floor: cp, md5sum, sha256sum": floor,
        }, keep=True))

    def zip(self):
        data, manifest = self.tiles("zip.example", 600 if self.quick else 6000, 120_000)
        url = f"http://127.0.0.1:{PORT}/zip.example/tiles.zip"
        sums = f"md5sum tiles.zip > m && sha256sum tiles.zip > s"
        members = f"find TILES -type f -print0 | {SUMS} >> s"
        runs = self.alternate({
            "histods": self.pull(manifest),
            "histods, options before the command": self.pull(manifest, first=True),
            **self.peer("aria2c bsdtar", "aria2c -x4, md5sum, sha256sum, bsdtar, sha256sum",
                        f"aria2c -q -x4 -s4 {url} && {sums} && bsdtar xf tiles.zip && {members}"),
            **self.peer("curl unzip", "curl, md5sum, sha256sum, unzip, sha256sum",
                        f"curl -s -O {url} && {sums} && unzip -q tiles.zip && {members}"),
            "floor: cp; md5sum beside sha256sum; inflate, hash and write on all cores":
                f"cp {data} . && (md5sum tiles.zip > m & sha256sum tiles.zip > s & wait)"
                f" && python3 {shlex.quote(__file__)} --inflate tiles.zip",
        })
        count = 600 if self.quick else 6000
        self.table(f"A zip of {data.stat().st_size / 1e6:.0f} MB with {count:,} tiles: fetch, check, unpack, hash, publish", runs)
        cpu = [statistics.median(r.cpu for r in runs[k]) for k in ("histods, options before the command", "histods")]
        print(f"\nProcessor time with the options before the command: {cpu[0] / cpu[1]:.2f} times that with the command first.")

    def slide(self):
        size = (64 if self.quick else 512) << 20
        folder = self.www / "slow.example"
        folder.mkdir()
        md5, rnd = hashlib.md5(), random.Random(3)
        with open(folder / "slide.svs", "wb") as f:
            for _ in range(size >> 20):
                block = rnd.randbytes(1 << 20)
                md5.update(block)
                f.write(block)
        manifest = self.one_file("bench-slide", "slow.example", "slide.svs", md5.hexdigest())
        config = self.work / "home/.config/histods"
        config.mkdir(parents=True)
        (config / "config.yaml").write_text("hosts:\n  slow.example: { connections: 16, segments: 16 }\n")
        url = f"http://127.0.0.1:{PORT}/slow.example/slide.svs"
        sums = "(md5sum slide.svs > m & sha256sum slide.svs > s & wait)"
        self.table(f"One file of {size >> 20} MiB from a host that gives 20 MB/s to a connection", self.alternate({
            "histods": self.pull(manifest),
            **self.peer("aria2c", "aria2c -x8, md5sum beside sha256sum", f"aria2c -q -x8 -s8 {url} && {sums}"),
            **self.peer("curl", "curl, md5sum beside sha256sum", f"curl -s -O {url} && {sums}"),
            "floor: cp, md5sum beside sha256sum": f"cp {folder}/slide.svs . && {sums}",
        }))
        shutil.rmtree(config)

    def member(self):
        """One member of a remote zip: what is transferred, against its packed size and the directory."""
        count, size = (200 if self.quick else 2000), 1_000_000
        folder = self.www / "member.example"
        folder.mkdir()
        rnd = random.Random(9)
        block = rnd.randbytes(size)
        archive = folder / "slides.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_STORED) as z:
            for i in range(count):
                z.writestr(f"slides/slide{i:05d}.tif", rnd.randbytes(64) + block[64:])
        with zipfile.ZipFile(archive) as z:
            directory = archive.stat().st_size - z.start_dir
            wanted = z.infolist()[count // 2]
        manifest = self.one_file("bench-member", "member.example", "slides.zip")
        log = self.work / "sent.log"
        print(f"\n### One member of a remote zip of {archive.stat().st_size / 1e9:.1f} GB\n")
        print("| round | wall | most memory | bytes transferred | member and directory | ratio |\n|---|---|---|---|---|---|")
        for i in range(self.rounds):
            before = log.stat().st_size if log.exists() else 0
            run = self.once(self.pull(manifest, extra=f"--only '**/{Path(wanted.filename).name}'"), may_fail=True)
            time.sleep(0.2)
            sent = sum(int(line) for line in log.read_bytes()[before:].split())
            need = wanted.compress_size + directory
            print(f"| {i + 1} | {run.wall:.2f} s | {run.rss:.0f} MB | {sent:,} | {need:,} | {sent / need:.2f} |")
        sys.stdout.flush()

    def pulled(self, name, members, size):
        """A mirror with one pulled dataset of tiles; its folder, its manifest, and the run that pulled it."""
        data, manifest = self.tiles(f"{name}.example", members, size, deflated=False)
        mirror = self.work / f"mirror-{name}"
        run = self.once(self.pull(manifest, mirror=mirror))
        data.unlink()
        return mirror, manifest, run

    def verify(self):
        mirror, _, _ = self.pulled("verify", 600 if self.quick else 6000, 120_000)
        bag = mirror / "datasets/verify/1"
        self.table("Every byte of a dataset of 6,000 tiles of 120 kB, read again", self.alternate({
            "histods": f"HISTODS_MIRROR={mirror} {HISTODS} verify verify --full",
            f"sha256sum on {CORES} processes": f"cd {bag} && find data -type f -print0 | {SUMS} > /dev/null",
            "sha256sum -c": f"cd {bag} && sha256sum --quiet -c manifest-sha256.txt",
        }))
        self.delete(mirror)

    def stamps(self):
        count = 5000 if self.quick else 100_000
        mirror, manifest, _ = self.pulled("stamps", count, 2000)
        data = mirror / "datasets/stamps/1/data"
        env = f"HISTODS_MIRROR={mirror} {HISTODS}"
        one = next(data.rglob("*.png"))
        find = "find -printf '%s %T@ %p'"
        self.table(f"A dataset of {count:,} small files, without reading them", self.alternate({
            "histods verify --quick": f"{env} verify stamps --quick",
            "histods pull, nothing to do": self.pull(manifest, mirror=mirror),
            "histods status": f"{env} status",
            "histods identify FILE": f"{env} identify {one}",
            "sha256sum FILE, grep -F in the manifest":
                f"grep -F \"$(sha256sum {one} | cut -d' ' -f1)\" {data}/../manifest-sha256.txt",
            "histods verify --full": f"{env} verify stamps --full",
            f"sha256sum on {CORES} processes": f"cd {data} && find . -type f -print0 | {SUMS} > /dev/null",
            find: f"find {data} -printf '%s %T@ %p\\n' > /dev/null",
        }), measure=find)
        self.delete(mirror)

    def memory(self):
        """Peak memory by the size of the dataset; each once, for it hardly varies."""
        sizes = [(2_000, 2000), (20_000, 2000)] if self.quick else [(20_000, 2000), (200_000, 1000)]
        if self.huge:
            sizes.append((1_000_000, 200))
        print("\n### Most memory, by the size of the dataset\n")
        print("| dataset | command | most memory | wall |\n|---|---|---|---|")

        def row(what, command, run):
            print(f"| {what} | {command} | {run.rss:.0f} MB | {run.wall:.1f} s |")
            sys.stdout.flush()

        for members, size in sizes:
            name = f"memory-{members}"
            mirror, manifest, run = self.pulled(name, members, size)
            what = f"zip of {members:,} members"
            env = f"HISTODS_MIRROR={mirror} {HISTODS}"
            row(what, "pull", run)
            row(what, "pull, nothing to do", self.once(self.pull(manifest, mirror=mirror)))
            row(what, "verify --quick", self.once(f"{env} verify {name} --quick"))
            row(what, "verify --full", self.once(f"{env} verify {name} --full"))
            row(what, "status", self.once(f"{env} status"))
            row(what, "list", self.once(f"{env} list"))
            copy = self.work / "copy"
            subprocess.run(["cp", "-a", str(mirror / f"datasets/{name}"), str(copy)], check=True)
            subprocess.run(["chmod", "-R", "u+w", str(copy)], check=True)
            row(what, "remove", self.once(f"{env} remove {name} --yes"))
            row(what, "`rm -r` of a copy, beside it", self.once(f"rm -r {copy}"))
            self.delete(mirror)
        if self.huge:
            self.sparse(row)

    def sparse(self, row):
        """A file of 20 GB that is a hole at the server. The pulled file takes 20 GB of disk."""
        size = 20_000_000_000
        folder = self.www / "sparse.example"
        folder.mkdir()
        with open(folder / "slide.svs", "wb") as f:
            f.truncate(size)
        manifest = self.one_file("sparse", "sparse.example", "slide.svs")
        mirror = self.work / "mirror-sparse"
        row("file of 20 GB", "pull", self.once(self.pull(manifest, mirror=mirror)))
        row("file of 20 GB", "verify --full", self.once(f"HISTODS_MIRROR={mirror} {HISTODS} verify sparse --full"))
        self.delete(mirror)

    def peer(self, tools, name, command):
        """The command by its name; nothing if one of its tools is not installed."""
        return {name: command} if all(shutil.which(tool) for tool in tools.split()) else {}


def inflate(path):
    """The floor of unpacking: every entry inflated, hashed and written, shared by one process for each core."""
    children = []
    for share in range(CORES):
        child = os.fork()
        if child == 0:
            with zipfile.ZipFile(path) as z:
                os.makedirs(f"out{share}", exist_ok=True)
                for i, info in enumerate(z.infolist()):
                    if i % CORES == share:
                        data = z.read(info)
                        hashlib.sha256(data).digest()
                        with open(f"out{share}/{i}", "wb") as f:
                            f.write(data)
            os._exit(0)
        children.append(child)
    for child in children:
        if os.waitpid(child, 0)[1] != 0:
            sys.exit("the floor could not be measured")


def machine():
    model = next((l.split(":", 1)[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    java = subprocess.run(["java", "-version"], capture_output=True, text=True).stderr.splitlines()[0]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1e9
    return f"{CORES} cores ({model}), {memory:.0f} GB, Linux {os.uname().release}, {java}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default=",".join(ROWS), help="rows, separated by commas")
    parser.add_argument("--quick", action="store_true", help="smaller inputs, to try the benchmark itself")
    parser.add_argument("--huge", action="store_true",
                        help="in the memory table, also a million members and a file of 20 GB: half an hour, 45 GB of disk")
    parser.add_argument("--work", help="a folder on the disk to measure (default: the system's temporary folder)")
    parser.add_argument("--inflate", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inflate:
        return inflate(args.inflate)
    rows = args.only.split(",")
    unknown = [row for row in rows if row not in ROWS]
    if unknown:
        parser.error(f"no row {', '.join(unknown)}; the rows are {', '.join(ROWS)}")
    needed = [tool for tool in ("nginx", "time") if not shutil.which(tool)]
    if needed:
        sys.exit(f"not installed: {', '.join(needed)}")
    work = Path(tempfile.mkdtemp(dir=args.work, prefix="histods-bench-"))
    os.chmod(work, 0o755)
    bench = Bench(work, args.rounds, args.quick, args.huge)
    missing = [tool for tool in PEERS if not shutil.which(tool)]
    print(f"{time.strftime('%Y-%m-%d')}, {machine()}, load before {os.getloadavg()[0]:.2f}, {args.rounds} rounds"
          + (f"; not installed: {', '.join(missing)}" if missing else ""))
    began = time.monotonic()
    bench.once(f"{HISTODS} --version && {HISTODS} list")
    bench.serve()
    try:
        for row in rows:
            getattr(bench, row)()
    finally:
        bench.stop()
        bench.delete(work)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes in all.")


if __name__ == "__main__":
    main()
