#!/usr/bin/env python3
"""Makes types.txt from the project's schema.json (types by reflection over Kubernetes 1.37.2).

usage: types_from_schema.py SCHEMA.json > types.txt
Keeps what DaemonSet and Node reach; the format is explained in schema.rs.
"""
import json
import re
import sys

ROOTS = ["apps/v1.DaemonSet", "core/v1.Node"]
PRIMITIVES = {"string": "", "int32": "i", "int64": "l", "bool": "b"}


def short(name):
    return re.sub(r"^(apps|core|meta)/v1\.", "", name)


def written(go, types):
    """A Go type in the table's notation."""
    if go.startswith("*"):
        return "*" + written(go[1:], types)
    if go.startswith("[]"):
        return "[]" + written(go[2:], types)
    if go == "map[v1.ResourceName=string]Quantity":
        return "ResourceList"
    if go.startswith("map[string]"):
        return "{}" + written(go[len("map[string]"):], types)
    if go.endswith("=string"):
        return "$" + re.sub(r"^v1\.", "", go[:-len("=string")])
    if go in PRIMITIVES:
        return PRIMITIVES[go]
    return short(go)


def main():
    types = json.load(open(sys.argv[1]))["types"]
    seen, todo = [], list(ROOTS)
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.append(name)
        for field in types[name] or []:
            todo += [t for t in re.findall(r"[\w/.]+", field["type"]) if t in types]
    assert len({short(n) for n in seen}) == len(seen), "two types of one short name"
    print("# Types and fields of Kubernetes 1.37.2 that a DaemonSet or a Node may hold.")
    print("# Made by types_from_schema.py from the project's schema.json; format: schema.rs.")
    for name in sorted(seen, key=short):
        fields = []
        for field in types[name] or []:
            label = "+" + field["go"] if field.get("inline") else field["name"]
            kind = written(field["type"], types)
            fields.append(f"{label}:{kind}" if kind else label)
        print(" ".join([short(name), *fields]))


main()
