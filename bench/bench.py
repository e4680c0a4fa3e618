#!/usr/bin/env python3
"""Measures histods beside what a person would run instead, on this machine, over loopback. Nothing is asserted.

usage: bench/bench.py [--rounds 3] [--work DIR] [--only NAME,NAME] [--quick]

Needs nginx, aria2, curl, bsdtar (libarchive-tools), unzip, rclone and, for the start-up row, python3-pooch: all are Debian
packages; a peer that is not installed is left out and named. Each round runs histods and the peers in turn in new folders.
Prints one Markdown table row per measurement: medians, and the lowest and highest of the rounds. Run it on an idle machine.
"""
import argparse, hashlib, os, random, resource, shutil, statistics, subprocess, sys, tempfile, time, zipfile
from pathlib import Path
from xml.sax.saxutils import escape

PROJECT = Path(__file__).resolve().parent.parent
HISTODS = os.environ.get("HISTODS", str(PROJECT / "histods"))
PORT = 8798


def have(tool):
    return shutil.which(tool) is not None


class Run:
    """One timed command: wall seconds, processor seconds, peak resident memory in MB (of the largest process)."""

    def __init__(self, command, cwd, env=None, may_fail=False):
        out = open(cwd / "out.log", "wb")
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        start = time.monotonic()
        child = subprocess.Popen(["bash", "-o", "pipefail", "-c", command], cwd=cwd, env=env, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
        self.wall = time.monotonic() - start
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        self.cpu = (after.ru_utime - before.ru_utime) + (after.ru_stime - before.ru_stime)
        self.rss = usage.ru_maxrss / 1000
        if status != 0 and not may_fail:
            sys.exit(f"failed: {command}\n" + (cwd / "out.log").read_text(errors="replace")[-2000:])


class Bench:
    def __init__(self, work, rounds, quick):
        self.work, self.rounds, self.quick = work, rounds, quick
        self.www = work / "www"
        self.www.mkdir(parents=True, exist_ok=True)
        self.env = dict(os.environ, HOME=str(work / "home"), XDG_CACHE_HOME=str(work / "home/.cache"))
        (work / "home").mkdir(exist_ok=True)

    # ---- the server

    def serve(self):
        conf = self.work / "nginx.conf"
        conf.write_text(f"""
daemon off; pid {self.work}/nginx.pid; error_log {self.work}/nginx.err; worker_processes 1;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; keepalive_requests 100000;
  client_body_temp_path {self.work}/t1; proxy_temp_path {self.work}/t2; fastcgi_temp_path {self.work}/t3;
  uwsgi_temp_path {self.work}/t4; scgi_temp_path {self.work}/t5;
  map $args $listing {{ default list-0.xml; ~continuation-token=(p[0-9]+) list-$1.xml; }}
  server {{
    listen 127.0.0.1:{PORT}; root {self.www};
    location /bucket.s3.amazonaws.com/ {{ if ($arg_prefix != "") {{ rewrite ^ /bucket.s3.amazonaws.com/$listing last; }} }}
    location ~ \\.xml$ {{ default_type application/xml; types {{ }} }}
    location /slow.example/ {{ limit_rate 20m; }}
  }}
}}
""")
        self.server = subprocess.Popen(["nginx", "-c", str(conf), "-p", str(self.work)])
        time.sleep(1)

    def stop(self):
        self.server.terminate()
        self.server.wait()

    # ---- measuring

    def fresh(self):
        return Path(tempfile.mkdtemp(dir=self.work, prefix="run-"))

    def alternate(self, name, commands, may_fail=False):
        """Runs each command once a round, in turn; gives the runs by name."""
        runs = {key: [] for key in commands}
        for _ in range(self.rounds):
            for key, command in commands.items():
                folder = self.fresh()
                runs[key].append(Run(command, folder, self.env, may_fail))
                subprocess.run(["chmod", "-R", "u+w", str(folder)], check=False)
                shutil.rmtree(folder, ignore_errors=True)
        print(f"\n### {name}\n\n| what | wall | lowest–highest | processor | most memory | ratio to histods |\n|---|---|---|---|---|---|")
        base = statistics.median(r.wall for r in runs["histods"])
        for key, list_ in runs.items():
            wall = sorted(r.wall for r in list_)
            print(f"| {key} | {statistics.median(wall):.2f} s | {wall[0]:.2f}–{wall[-1]:.2f} s"
                  f" | {statistics.median(r.cpu for r in list_):.2f} s | {statistics.median(r.rss for r in list_):.0f} MB"
                  f" | {base / statistics.median(wall):.2f} |")
        sys.stdout.flush()
        return runs

    def pull(self, manifest, first=False, extra=""):
        route = f"--route '*=http://127.0.0.1:{PORT}/{{host}}'"
        if first:
            return f"{HISTODS} --mirror mirror -q pull {manifest} {route} {extra}"
        return f"HISTODS_MIRROR=mirror {HISTODS} pull {manifest} -q {route} {extra}"

    def manifest(self, name, source):
        path = self.work / f"{name}.yaml"
        path.write_text(f"id: {name}\ntitle: A benchmark\nversion: \"1\"\nlicense: {{}}\naccess: {{ status: open }}\nsources:\n{source}")
        return path

    # ---- what is measured

    def small(self):
        count, size = (1000 if self.quick else 5000), 20_000
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
        urls = self.work / "urls.txt"
        urls.write_text("".join(f'url = "http://127.0.0.1:{PORT}/bucket.s3.amazonaws.com/{k}"\noutput = "f{i}"\n'
                                for i, (k, _) in enumerate(keys)))
        self.alternate(f"{count} files of 20 kB from an S3 listing", {
            "histods": self.pull(manifest),
            "curl -Z, md5sum, sha256sum": f"curl -sZ --parallel-max 16 -K {urls} && ls f* | xargs md5sum > m && ls f* | xargs -P2 -n 500 sha256sum > s",
            **({"rclone copy, sha256sum": f"rclone copy --transfers 16 --checkers 16 -q --http-url http://127.0.0.1:{PORT}/bucket.s3.amazonaws.com/ --files-from <(sed -n 's/.*amazonaws.com.\\(tiles.*\\)\"/\\1/p' {urls}) --no-traverse :http: out && find out -type f | xargs -P2 -n 500 sha256sum > s"} if have("rclone") else {}),
            "floor: cp, sha256sum": f"cp -r {bucket}/tiles . && find tiles -type f | xargs -P2 -n 500 sha256sum > s",
        })

    def zip(self):
        members, each = (2000 if self.quick else 6000), 120_000
        folder = self.www / "bench.example"
        folder.mkdir(exist_ok=True)
        rnd = random.Random(7)
        with zipfile.ZipFile(folder / "tiles.zip", "w", zipfile.ZIP_DEFLATED) as z:
            for i in range(members):
                z.writestr(f"TILES/class{i % 9}/tile{i:06d}.tif", rnd.randbytes(each * 19 // 20) + bytes(each // 20))
        data = folder / "tiles.zip"
        md5 = hashlib.md5(data.read_bytes()).hexdigest()
        manifest = self.manifest("bench-zip", f"  - kind: http\n    official: true\n    files:\n      - path: tiles.zip\n        at: https://bench.example/tiles.zip\n        bytes: {data.stat().st_size}\n        sums: [{{ sum: \"md5:{md5}\", by: the benchmark }}]\n")
        url = f"http://127.0.0.1:{PORT}/bench.example/tiles.zip"
        sums = "find TILES -type f -print0 | xargs -0 -P2 -n 200 sha256sum >> sums"
        print(f"\narchive: {data.stat().st_size} bytes, {members} entries")
        self.alternate("one zip: fetch, check, unpack, hash, publish", {
            "histods": self.pull(manifest),
            "histods, options first": self.pull(manifest, first=True),
            **({"aria2c -x4, md5sum, sha256sum, bsdtar, sha256sum": f"aria2c -q -x4 -s4 {url} && md5sum tiles.zip > m && sha256sum tiles.zip > sums && bsdtar xf tiles.zip && {sums}"} if have("aria2c") and have("bsdtar") else {}),
            "curl, md5sum, sha256sum, unzip, sha256sum": f"curl -s -O {url} && md5sum tiles.zip > m && sha256sum tiles.zip > sums && unzip -q tiles.zip && {sums}",
            "floor: copy; inflate and hash on two cores": f"cp {data} . && (md5sum tiles.zip > m & sha256sum tiles.zip > sums & wait) && python3 {__file__} --inflate tiles.zip",
        })

    def slide(self):
        size = (64 if self.quick else 512) << 20
        folder = self.www / "slow.example"
        folder.mkdir(exist_ok=True)
        with open(folder / "slide.svs", "wb") as f:
            rnd = random.Random(3)
            for _ in range(size >> 20):
                f.write(rnd.randbytes(1 << 20))
        md5 = hashlib.md5((folder / "slide.svs").read_bytes()).hexdigest()
        manifest = self.manifest("bench-slide", f"  - kind: http\n    official: true\n    files:\n      - path: slide.svs\n        at: https://slow.example/slide.svs\n        bytes: {size}\n        sums: [{{ sum: \"md5:{md5}\", by: the benchmark }}]\n")
        config = self.work / "home/.config/histods"
        config.mkdir(parents=True, exist_ok=True)
        (config / "config.yaml").write_text("hosts:\n  slow.example: { connections: 16, segments: 16 }\n")
        url = f"http://127.0.0.1:{PORT}/slow.example/slide.svs"
        self.alternate(f"one file of {size >> 20} MiB, 20 MB/s a connection", {
            "histods": self.pull(manifest),
            **({"aria2c -x8, md5sum, sha256sum": f"aria2c -q -x8 -s8 {url} && (md5sum slide.svs > m & sha256sum slide.svs > s & wait)"} if have("aria2c") else {}),
            "curl, md5sum, sha256sum": f"curl -s -O {url} && (md5sum slide.svs > m & sha256sum slide.svs > s & wait)",
        })
        shutil.rmtree(config)

    def start(self):
        runs = {
            "histods": f"{HISTODS} --version",
            "histods list": f"{HISTODS} list",
            "histods status": f"HISTODS_MIRROR=m {HISTODS} status",
            "histods --help": f"{HISTODS} --help",
            "java -version": "java -Xshare:auto -XX:TieredStopAtLevel=1 -version",
        }
        if subprocess.run(["/usr/bin/python3", "-c", "import pooch"], capture_output=True).returncode == 0:
            runs["python3 -c 'import pooch'"] = "/usr/bin/python3 -c 'import pooch'"
        rounds, self.rounds = self.rounds, max(self.rounds, 7)
        self.alternate("start-up", runs)
        self.rounds = rounds


def inflate(path):
    """The floor of unpacking: every entry inflated and hashed, half of them by each of two processes, and written."""
    pids = []
    for half in 0, 1:
        pid = os.fork()
        if pid == 0:
            with zipfile.ZipFile(path) as z:
                os.makedirs(f"out{half}", exist_ok=True)
                for i, info in enumerate(z.infolist()):
                    if i % 2 == half:
                        data = z.read(info)
                        hashlib.sha256(data).digest()
                        with open(f"out{half}/{i}", "wb") as f:
                            f.write(data)
            os._exit(0)
        pids.append(pid)
    for pid in pids:
        os.waitpid(pid, 0)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--work", default=None)
    parser.add_argument("--only", default="start,small,zip,slide")
    parser.add_argument("--quick", action="store_true", help="smaller inputs, to try the benchmark itself")
    parser.add_argument("--inflate", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.inflate:
        return inflate(args.inflate)
    work = Path(tempfile.mkdtemp(dir=args.work, prefix="histods-bench-"))
    bench = Bench(work, args.rounds, args.quick)
    missing = [t for t in ("aria2c", "bsdtar", "unzip", "rclone", "curl") if not have(t)]
    model = next((l.split(":", 1)[1].strip() for l in open("/proc/cpuinfo") if l.startswith("model name")), "unknown")
    print(f"{time.strftime('%Y-%m-%d')}, {os.cpu_count()} cores ({model}), load before {os.getloadavg()[0]:.2f},"
          f" {args.rounds} rounds" + (f"; not installed: {', '.join(missing)}" if missing else ""))
    Run(f"{HISTODS} --version; {HISTODS} list > /dev/null", work, bench.env)
    bench.serve()
    try:
        for name in args.only.split(","):
            getattr(bench, name)()
    finally:
        bench.stop()
        subprocess.run(["chmod", "-R", "u+w", str(work)], check=False)
        shutil.rmtree(work, ignore_errors=True)


if __name__ == "__main__":
    main()
