#!/usr/bin/env bash
# How long `histods identify` takes over a mirror with five million files, beside what a person would run instead.
# Makes the records of a mirror only, no data file. Needs 2 GB below $TMPDIR; nothing is asserted.
# usage: bench/identify.sh [BAGS] [FILES-EACH]
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
bags=${1:-50}
each=${2:-100000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
histods=(${HISTODS:-$project/histods})

python3 - "$work/mirror" "$bags" "$each" "$work/some.tif" << 'PY'
import hashlib, json, os, sys
mirror, bags, each, some = sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4]
sha = lambda b: hashlib.sha256(b).hexdigest()
known = os.urandom(150_000)
open(some, "wb").write(known)
open(some + ".unknown", "wb").write(os.urandom(150_000))
for b in range(bags):
    id, bag = f"bench-{b:03}", f"{mirror}/datasets/bench-{b:03}/1"
    os.makedirs(f"{bag}/receipts"); os.makedirs(f"{bag}/data")
    zipped = sha(b"zip of " + id.encode())
    fetch = {"id": "0001/1", "path": "tiles.zip", "requested": f"https://bench.example/{id}/tiles.zip", "bytes": 10**10 + b,
             "sums": {"sha256": zipped}, "check": "computed", "verified": [],
             "unpacked": {"files": each, "bytes": 0, "folder": None, "gitTree": None, "verified": [], "skipped": []}}
    with open(f"{bag}/manifest-sha256.txt", "w") as m, open(f"{bag}/origins.jsonl", "w") as o:
        for i in range(each):
            path, size = f"tiles/class{i // 20000}/patient{i // 200:05}/tile{i:07}.tif", 150_000 if i % 7 == 0 else 140_000 + i % 60_000
            digest = sha(known) if b == bags // 2 and i == each // 14 * 7 else sha(f"{b} {i}".encode())
            m.write(f"{digest}  data/{path}\n")
            o.write(f'{{"path":"{path}","bytes":{size},"fetch":"0001/1","member":"{path}"}}\n')
    json.dump({"predicate": {"fetches": [fetch]}}, open(f"{bag}/receipts/0001-pull.json", "w"), indent=2)
    open(f"{bag}/bag-info.txt", "w").write(f"External-Description: A benchmark\nHistods-License: CC0-1.0\nPayload-Oxum: 1.{each}\n")
    with open(f"{bag}/tagmanifest-sha256.txt", "w") as t:
        for name in "bag-info.txt", "manifest-sha256.txt", "origins.jsonl", "receipts/0001-pull.json":
            t.write(f"{hashlib.file_digest(open(f'{bag}/{name}', 'rb'), 'sha256').hexdigest()}  {name}\n")
PY
export HISTODS_MIRROR=$work/mirror
du -sh "$work/mirror/datasets" | cut -f1 | sed 's/^/records: /'
"${histods[@]}" --version > /dev/null
TIMEFORMAT="%R s wall, %U s user, %S s system"
echo -n "histods identify, with no index yet: "
time "${histods[@]}" identify "$work/some.tif" > /dev/null 2>&1
du -sh "$work/mirror/index" | cut -f1 | sed 's/^/index: /'
"${histods[@]}" identify "$work/some.tif"
for round in 1 2 3; do
  echo "round $round"
  echo -n "  histods identify, a known file: "
  time "${histods[@]}" identify "$work/some.tif" > /dev/null
  echo -n "  histods identify, an unknown file of a size that is there: "
  time "${histods[@]}" identify "$work/some.tif.unknown" > /dev/null || true
  echo -n "  by hand, sha256sum and grep over the manifests: "
  time grep -F "$(sha256sum "$work/some.tif" | cut -d' ' -f1)" "$work"/mirror/datasets/*/*/manifest-sha256.txt > /dev/null
done
