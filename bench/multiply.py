#!/usr/bin/env python3
"""Makes many datasets of one: for measuring what a large mirror costs.

usage: bench/multiply.py MIRROR ID COPIES [--no-files | --same-content]

MIRROR has the pulled dataset ID, whose id ends with 0000. The copies get the ids that end with 0001, 0002, … Their records
are those that histods wrote, with the id, the fingerprint and all checksums of tag files replaced, one line each in the
journal, and stamps; an index is made by the first command that needs it.

The files of a copy are hard links to those of ID (a million files would take minutes and four gigabytes). Their recorded
SHA-256 begins with the number of the copy, so that each dataset has content of its own: `status`, `identify`, `gc`,
`verify --quick` and the index do not read files and cannot know; `verify --full` of a copy finds every file changed. With
--no-files, for commands that do not look at files at all, copies have none and no stamps. With --same-content, the recorded
SHA-256 stays, for commands that read files, such as `verify --oldest 5%`.
"""

import argparse
import hashlib
import json
import os
import shutil
import time
from pathlib import Path


def sha256(data):
    return hashlib.sha256(data).hexdigest()


def number(digits, copy):
    """The checksum with the number of the copy in place of its first digits."""
    return f"{copy:08x}" + digits[8:]


def copied(bag, target, old, new, copy):
    """Writes the record of a copy; its fingerprint and the SHA-256 of its tagmanifest. The copy is None to keep all checksums."""
    lines = (bag / "manifest-sha256.txt").read_text().splitlines(keepends=True)
    manifest = "".join(line if copy is None else number(line, copy) for line in lines).encode()
    before, after = sha256((bag / "manifest-sha256.txt").read_bytes()), sha256(manifest)
    tags = {}
    for file in sorted([*bag.glob("*"), *bag.glob("receipts/*")]):
        name = str(file.relative_to(bag))
        if name in ("manifest-sha256.txt", "tagmanifest-sha256.txt") or not file.is_file():
            continue
        tags[name] = file.read_bytes().replace(old.encode(), new.encode()).replace(before.encode(), after.encode())
    tags["manifest-sha256.txt"] = manifest
    for name, data in tags.items():
        place = target / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
    tagmanifest = "".join(f"{sha256(tags[name])}  {name}\n" for name in sorted(tags)).encode()
    (target / "tagmanifest-sha256.txt").write_bytes(tagmanifest)
    return after, sha256(tagmanifest)


def link(source, target):
    for folder, folders, files in os.walk(source):
        there = os.path.join(target, os.path.relpath(folder, source))
        os.makedirs(there, exist_ok=True)
        for name in files:
            os.link(os.path.join(folder, name), os.path.join(there, name))


def stamp(bag, file):
    """Stamps as FileStamps writes them: size, times in nanoseconds, when the content was read, path."""
    read = int(time.time() * 1000)
    lines = []
    with open(bag / "manifest-sha256.txt") as manifest:
        for line in manifest:
            path = line[71:].rstrip("\n")
            at = os.stat(f"{bag}/data/{path}")
            lines.append(f"{at.st_size}\t{at.st_mtime_ns}\t{at.st_ctime_ns}\t{read}\t{path}\n")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("".join(lines))


def main():
    parser = argparse.ArgumentParser(description="Makes many datasets of one.")
    parser.add_argument("mirror", type=Path)
    parser.add_argument("id")
    parser.add_argument("copies", type=int)
    files = parser.add_mutually_exclusive_group()
    files.add_argument("--no-files", action="store_true", help="records only")
    files.add_argument("--same-content", action="store_true", help="all copies record the content that they have")
    args = parser.parse_args()
    if not args.id.endswith("0000"):
        parser.error("the id must end with 0000")
    datasets = args.mirror / "datasets"
    (version,) = os.listdir(datasets / args.id)
    bag = datasets / args.id / version
    journal = args.mirror / "journal.jsonl"
    lines = journal.read_text().splitlines()
    event = next(json.loads(line) for line in lines if json.loads(line).get("dataset") == args.id)
    last = lines[-1]
    bags = [(args.id, bag)]
    with open(journal, "a") as out:
        for copy in range(1, args.copies + 1):
            new = f"{args.id[:-4]}{copy:04d}"
            target = datasets / new / version
            fingerprint, tagmanifest = copied(bag, target, args.id, new, None if args.same_content else copy)
            if args.no_files:
                (target / "data").mkdir()
            else:
                link(bag / "data", target / "data")
                bags.append((new, target))
            event.update(dataset=new, fingerprint=fingerprint, tagmanifest=tagmanifest, prev=sha256(last.encode()))
            last = json.dumps(event, separators=(",", ":"), ensure_ascii=False)
            out.write(last + "\n")
    (args.mirror / "journal.head").write_text(sha256(last.encode()) + "\n")
    # A link changes the times of the file, so that they are looked at when all are made.
    for new, target in bags:
        stamp(target, args.mirror / "stamps" / new / f"{version}.tsv")
    shutil.rmtree(args.mirror / "index", ignore_errors=True)


if __name__ == "__main__":
    main()
