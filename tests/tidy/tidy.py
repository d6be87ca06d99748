"""The tidy test: layers, quarantined headers, banned calls, lengths. `tidy.py ROOT [--graph]`; exit 1 with one line a breach."""
import collections
import os
import re
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import rules  # noqa: E402

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]', re.M)
SOURCES = (".cc", ".h")
TOP = ("evidence", "capture", "crawler", "ui", "tests")


def sources(root):
    for top in TOP:
        for folder, folders, names in os.walk(os.path.join(root, top)):
            folders[:] = [f for f in folders if f not in ("node_modules", "dist", "__pycache__")]
            for name in names:
                if name.endswith(SOURCES):
                    path = os.path.join(folder, name)
                    yield os.path.relpath(path, root), open(path, encoding="utf-8").read()


def layer_of(path):
    fits = [layer for layer in rules.LAYERS if path.startswith(layer + "/")]
    return max(fits, key=len) if fits else None


def layer_breaches(path, text):
    layer = layer_of(path)
    if layer is None:
        return
    for mark, name in INCLUDE.findall(text):
        other = layer_of(name) if mark == '"' else None
        if mark == '"' and other is None and name.split("/")[0] not in ("evidence", "capture", "crawler", "ui"):
            yield f'{path}: "{name}" is not written from the root (write "folder/file.h")'
        if other and other != layer and other not in rules.LAYERS[layer]:
            yield f"{path}: {layer} may not include {name} ({other})"
        outside = any((layer + "/").startswith(user + "/") for user in rules.LEDGER_USERS)
        if other == "evidence/ledger" and outside and name not in rules.LEDGER_DOORS:
            yield f"{path}: of the ledger only {', '.join(sorted(rules.LEDGER_DOORS))} may be used here, not {name}"


def quarantine_breaches(files):
    users = collections.defaultdict(set)
    for path, text in files:
        if path.startswith("tests/"):
            continue
        for mark, name in INCLUDE.findall(text):
            for header, homes in rules.QUARANTINE.items():
                if mark == "<" and name.startswith(header) and path not in homes:
                    yield f"{path}: <{name}> belongs in {', '.join(homes)} alone"
            for header in rules.ONE_FILE_PER_FOLDER:
                if mark == "<" and name.startswith(header):
                    users[(layer_of(path), header)].add(path)
    for (layer, header), paths in sorted(users.items()):
        if len(paths) > 1:
            yield f"{layer}: <{header}…> is included by {len(paths)} files ({', '.join(sorted(paths))}); wrap it in one"


def strip_comments_and_strings(text):
    # A literal is swallowed whole but its length in lines is kept, so that line numbers stay true.
    pattern = re.compile(r'R"(\w*)\((?:.|\n)*?\)\1"|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])+\'|//[^\n]*|/\*(?:.|\n)*?\*/')
    return pattern.sub(lambda m: '""' + "\n" * m.group(0).count("\n"), text)


def banned_breaches(path, text):
    raw, bare = text, strip_comments_and_strings(text)
    for pattern, instead in rules.BANNED:
        if pattern in rules.BANNED_EXEMPT.get(path, []):
            continue
        where = raw if "TODO" in pattern or "include" in pattern else bare
        for match in re.finditer(pattern, where):
            line = where.count("\n", 0, match.start()) + 1
            yield f"{path}:{line}: banned: {match.group(0).strip()} (instead: {instead})"


def function_lengths(bare):
    """(line, length) of each top-level or namespace-level brace block that follows a parameter list."""
    lines, stack = bare.split("\n"), []
    for number, line in enumerate(lines, 1):
        opens_namespace = re.match(r"\s*(?:inline )?namespace\b|\s*(?:class|struct|enum|union)\b|\s*extern\b", line)
        for char in line:
            if char == "{":
                stack.append((number, bool(opens_namespace)))
                opens_namespace = None
            elif char == "}" and stack:
                begun, is_scope = stack.pop()
                inside_function = any(not scope for _, scope in stack)
                if not is_scope and not inside_function:
                    yield begun, number - begun + 1


def length_breaches(path, text):
    count = text.count("\n")
    if count > rules.MAX_FILE_LINES:
        yield f"{path}: {count} lines (at most {rules.MAX_FILE_LINES}): split it by procedure"
    for line, length in function_lengths(strip_comments_and_strings(text)):
        if length > rules.MAX_FUNCTION_LINES:
            yield f"{path}:{line}: a block of {length} lines (at most {rules.MAX_FUNCTION_LINES})"


def breaches(files):
    files = list(files)
    for path, text in files:
        yield from layer_breaches(path, text)
        yield from banned_breaches(path, text)
        yield from length_breaches(path, text)
    yield from quarantine_breaches(files)


def print_graph(files):
    arrows = collections.Counter()
    for path, text in files:
        for mark, name in INCLUDE.findall(text):
            here, there = layer_of(path), layer_of(name) if mark == '"' else None
            if here and there and here != there:
                arrows[(here, there)] += 1
    for (here, there), count in sorted(arrows.items()):
        print(f"{here} -> {there} ({count})")


def main():
    root = sys.argv[1]
    files = list(sources(root))
    if "--graph" in sys.argv:
        print_graph(files)
    found = list(breaches(files))
    for line in found:
        print(line)
    print(f"tidy: {len(files)} files, {len(found)} breaches")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
