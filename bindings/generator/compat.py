"""What a new manifest of the binary interface takes away from an old one.

Functions, constants and members of structs may be added, structs only at their end; everything else
breaks programs that were built before. breaks(old, new) returns one sentence a violation.
"""


def by_name(manifest, group):
    return {item["name"]: item for item in manifest[group]}


def signature(function):
    params = ", ".join(f"{p['type']} {p['name']}" for p in function["params"])
    return f"{function['returns']} {function['name']}({params})"


def shape(function):
    """What callers depend on: types and directions, not names."""
    return function["returns"], [(p["type"], p["direction"]) for p in function["params"]]


def missing(old, new, group):
    for name in by_name(old, group):
        if name not in by_name(new, group):
            yield f"{name} is gone"


def functions(old, new):
    later = by_name(new, "functions")
    for name, function in by_name(old, "functions").items():
        if name in later and shape(function) != shape(later[name]):
            yield f"{signature(function)} has become {signature(later[name])}"
        elif name in later and function["since"] != later[name]["since"]:
            yield f"{name}: @since {function['since']} has become {later[name]['since']}"


def enums(old, new):
    later = by_name(new, "enums")
    for name, enum in by_name(old, "enums").items():
        constants = later.get(name, enum)["constants"]
        for constant, value in enum["constants"].items():
            if constants.get(constant) != value:
                yield f"{constant} was {value} and is {constants.get(constant, 'gone')}"


def structs(old, new):
    later = by_name(new, "structs")
    for name, struct in by_name(old, "structs").items():
        members = {m["name"]: m for m in later.get(name, struct)["members"]}
        for member in struct["members"]:
            if member["name"] != "reserved" and members.get(member["name"]) != member:
                yield f"{name}.{member['name']} has moved, changed or gone"


def breaks(old, new):
    found = [line for group in ("functions", "handles", "structs", "enums")
             for line in missing(old, new, group)]
    return found + [line for rule in (functions, enums, structs) for line in rule(old, new)]
