#!/usr/bin/env python3
"""Makes types.txt from the project's schema.json (types by reflection over Kubernetes 1.37.2).

usage: types_from_schema.py SCHEMA.json > types.txt
The format is explained in schema.rs.
"""
import json
import re
import sys

PRIMITIVES = {"string": "", "int32": "i", "int64": "l", "bool": "b"}


def short(name):
    """A type's name as Go's errors print it, less the package `v1`."""
    return re.sub(r"^\w+/(v1\.)?", "", name)


def written(go):
    """A Go type in the table's notation."""
    if go.startswith("*"):
        return "*" + written(go[1:])
    if go == "[]byte":
        return "B"
    if go.startswith("[]"):
        return "[]" + written(go[2:])
    if go == "map[v1.ResourceName=string]Quantity":
        return "ResourceList"
    if go.startswith("map["):
        return "{}" + written(go[go.index("]") + 1:])
    if go.endswith("=string"):
        return "$" + re.sub(r"^v1\.", "", go[:-len("=string")])
    if go == "pkg/runtime.RawExtension":
        return "any"
    return PRIMITIVES.get(go, short(go))


def patched(patch):
    """How kubectl merges a field, in the table's notation."""
    strategies, _, key = patch.partition(" ")
    strategies = strategies.split(",")
    marks = {"merge": "@" + key, "replace": "=", "retainKeys": "&"}
    return "".join(marks[strategy] for strategy in strategies if strategy)


def main():
    schema = json.load(open(sys.argv[1]))
    types = {name: fields or [] for name, fields in schema["types"].items() if name != "pkg/runtime.RawExtension"}
    assert len({short(n) for n in types}) == len(types), "two types of one short name"
    print("# Types and fields of Kubernetes 1.37.2 that a manifest may hold.")
    print("# Made by types_from_schema.py from the project's schema.json; format: schema.rs.")
    for kind in schema["kinds"]:
        assert short(kind["type"]) == kind["kind"]
        names = [kind["apiVersion"], kind["kind"], kind["resource"], "n" if kind["namespaced"] else "c"]
        print(" ".join(["=", *names, *kind.get("shortNames", [])]))
    for name in sorted(types, key=short):
        fields = []
        for field in types[name]:
            label = "+" + field["go"] if field.get("inline") else field["name"]
            # `!`: written even if empty.
            label += "" if field.get("optional") or field.get("inline") else "!"
            kind = written(field["type"])
            kind += patched(field.get("patch", ""))
            fields.append(f"{label}:{kind}" if kind else label)
        print(" ".join([short(name), *fields]))


main()
