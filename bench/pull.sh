#!/usr/bin/env bash
# How long one archive takes: histods, and what a person would run instead. Loopback only; nothing is asserted.
# Needs GNU time.
# usage: bench/pull.sh [MEMBERS] [BYTES-EACH]
set -euo pipefail
project=$(cd "$(dirname "$0")/.." && pwd)
members=${1:-4000}
each=${2:-120000}
work=$(mktemp -d)
trap 'kill "$server" 2> /dev/null || true; rm -rf "$work"' EXIT

python3 - "$work" "$members" "$each" << 'PY'
import random, sys, zipfile
work, members, each = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
random.seed(7)
with zipfile.ZipFile(f"{work}/tiles.zip", "w", zipfile.ZIP_DEFLATED) as z:
    for i in range(members):
        z.writestr(f"TILES/class{i % 9}/tile{i:06d}.tif", random.randbytes(each * 5 // 6) + bytes(each // 6))
PY
md5=$(md5sum "$work/tiles.zip" | cut -d' ' -f1)
bytes=$(stat -c %s "$work/tiles.zip")
cat > "$work/m.yaml" << YAML
id: bench
title: A benchmark
version: "1"
license: {}
access: { status: open }
sources:
  - kind: http
    official: true
    files:
      - path: tiles.zip
        at: https://bench.example/tiles.zip
        bytes: $bytes
        sums: [{ sum: "md5:$md5", by: the benchmark }]
YAML
mkdir -p "$work/www/bench.example" && ln -s "$work/tiles.zip" "$work/www/bench.example/tiles.zip"
(cd "$work/www" && exec python3 -m http.server --bind 127.0.0.1 8799 > /dev/null 2>&1) &
server=$!
sleep 1
"$project/histods" --version > /dev/null

TIMEFORMAT='%R s wall, %U s user, %S s system'
peak=$work/peak
echo "archive: $bytes bytes, $members members"
for round in 1 2 3; do
  rm -rf "$work/mirror" "$work/hand"
  echo "round $round"
  echo -n "  histods pull (fetch, md5, unpack, sha256 of archive and members, record): "
  time HISTODS_MIRROR=$work/mirror command time -o "$peak" -f '%M' "$project/histods" pull "$work/m.yaml" -q \
    --route '*=http://127.0.0.1:8799/{host}' > /dev/null
  echo "    most memory at once: $(($(cat "$peak") / 1000)) MB"
  mkdir -p "$work/hand"
  echo -n "  by hand (curl, md5sum, sha256sum, unzip, sha256sum of members on all cores): "
  time (cd "$work/hand" && curl -s -o tiles.zip http://127.0.0.1:8799/bench.example/tiles.zip &&
    echo "$md5  tiles.zip" | md5sum -c --quiet && sha256sum tiles.zip > sums &&
    (unzip -q tiles.zip || python3 -m zipfile -e tiles.zip .) &&
    find TILES -type f -print0 | xargs -0 -P "$(nproc)" -n 200 sha256sum >> sums)
done
