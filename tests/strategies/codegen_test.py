"""Holds the mapped-update loop to what a programmer would have written by hand: no call, and
exactly one store per operation; and in a uniform batch nothing else but the load of the operation
and the mask of its offset: no check of its kind or length.

Compiles tests/strategies/codegen/mapped_update.cc with the compiler of the build at -O2, whatever
the preset, disassembles it, and checks every path through the loops. Then plants faults in copies
of the headers, and insists on finding each: a check that can't fail proves nothing.

usage: codegen_test.py COMPILER OBJDUMP SOURCE_ROOT      exit code 77: not possible here
"""

import pathlib
import re
import subprocess
import sys
import tempfile

SKIPPED = 77
SUBJECT = "tests/strategies/codegen/mapped_update.cc"

# name, header, text in it, what it becomes
FAULTS = [
    (
        "the compiler barrier is missing",
        "include/faultline/effect.h",
        'asm volatile("" ::: "memory");',
        "",
    ),
    (
        "a call is in the loop",
        "strategies/direct_access.h",
        "class DirectAccess {",
        "void Called();\nclass DirectAccess {",
        "mutate(std::span",
        "Called();\n    mutate(std::span",
    ),
    (
        "a second store is in the loop",
        "strategies/direct_access.h",
        "mutate(std::span",
        "base_[0] = base_[offset];\n    mutate(std::span",
    ),
    (
        "the kind is checked in the uniform loop",
        "include/faultline/synchronous.h",
        "for (; at != end; ++at) UpdateWord(access, at->offset(), length);",
        "for (; at != end; ++at) if (IsWordUpdate(*at)) UpdateWord(access, at->offset(), length);",
    ),
    (
        "lengths are decoded in the uniform loop",
        "include/faultline/synchronous.h",
        "UpdateWord(access, third.offset(), length);",
        "if (third.length() >= kWordBytes) UpdateWord(access, third.offset(), length);",
    ),
    (
        "the effect compares lengths in the uniform loop",
        "include/faultline/synchronous.h",
        "if (length < kWordBytes) __builtin_unreachable();",
        "",
    ),
    (
        "the access is no longer in registers",
        "include/faultline/synchronous.h",
        "A access = access_;",
        "A& access = access_;",
    ),
    (
        "one at a time in the uniform loop",
        "include/faultline/synchronous.h",
        "for (; end - at >= 4; at += 4) {",
        "for (; end - at >= 4 && at == nullptr; at += 4) {",
    ),
]

# Instructions whose last operand may be memory that they only read, or only compute the address of.
READERS = re.compile(r"cmp|test|lea|nop|bt[bwlq]?$|prefetch|mul|imul|div|idiv|comis|ucomis|vucomis")


class Instruction:
    def __init__(self, address, text, called):
        self.address = address
        self.text = text
        parts = text.split(None, 1)
        while len(parts) == 2 and parts[0] in (
            "lock",
            "rep",
            "repz",
            "repnz",
            "cs",
            "ds",
            "notrack",
        ):
            parts = parts[1].split(None, 1)
        self.mnemonic = parts[0]
        self.operands = parts[1].split("#")[0].strip() if len(parts) == 2 else ""
        self.called = called

    def is_call(self):
        # A jump that leaves the function is a call that does not come back here.
        return self.mnemonic.startswith("call") or (self.is_jump() and self.called)

    def is_jump(self):
        return self.mnemonic.startswith("j")

    def is_store(self):
        if self.is_jump() or self.is_call() or READERS.match(self.mnemonic):
            return False
        return self.mnemonic.startswith("push") or self.operands.endswith(")")

    def is_padding(self):
        return "nop" in self.text or self.text == "xchg   %ax,%ax"

    def target(self):
        match = re.match(r"([0-9a-f]+)( |$)", self.operands)
        return int(match.group(1), 16) if self.is_jump() and match else None

    def adds_one_to_memory(self):
        if not self.is_store() or "(%rsp" in self.operands:
            return False
        return (
            self.mnemonic.startswith("inc")
            or (self.mnemonic.startswith("add") and self.operands.startswith("$0x1,"))
            or (
                self.mnemonic.startswith("sub") and self.operands.startswith("$0xffffffffffffffff,")
            )
        )


def functions(disassembly):
    """The instructions of each function, by its symbol."""
    found: dict[str, list[Instruction]] = {}
    current: list[Instruction] = []
    for line in disassembly.splitlines():
        if match := re.match(r"[0-9a-f]+ <(.+)>:$", line):
            current = found.setdefault(match.group(1), [])
        elif match := re.match(r"\s+([0-9a-f]+):\s+(.+)$", line):
            if re.match(r"R_X86_64_", match.group(2)):
                if current[-1].is_jump():
                    current[-1].called = True
            else:
                current.append(Instruction(int(match.group(1), 16), match.group(2).strip(), False))
    return found


def successors(code):
    """For each instruction, the indices of those that may come next in the same function."""
    index_of = {instruction.address: index for index, instruction in enumerate(code)}
    result = []
    for index, instruction in enumerate(code):
        following = []
        falls_through = not (instruction.mnemonic.startswith(("jmp", "ret", "ud2", "hlt")))
        if falls_through and index + 1 < len(code):
            following.append(index + 1)
        if instruction.target() in index_of and not instruction.called:
            following.append(index_of[instruction.target()])
        result.append(following)
    # Padding behind a jump falls through to what it aligns, and is never executed.
    for index, instruction in enumerate(code):
        if instruction.is_padding() and not any(index in following for following in result):
            result[index] = []
    return result


def reachable(start, nodes, following):
    seen, left = set(), [start]
    while left:
        for node in following[left.pop()]:
            if node in nodes and node not in seen:
                seen.add(node)
                left.append(node)
    return seen


def strong_components(nodes, following):
    """The sets of nodes that reach each other, those of a single node only if it reaches itself."""
    components, left = [], set(nodes)
    reach = {node: reachable(node, nodes, following) for node in nodes}
    while left:
        node = left.pop()
        component = {other for other in reach[node] if node in reach[other]}
        if component:
            components.append(component)
            left -= component
    return components


def innermost_loops(code):
    """(instructions, entries) of each loop that has no loop inside, and the successors; all
    indices.
    """
    following = successors(code)
    found = []

    def descend(nodes):
        for component in strong_components(nodes, following):
            entries = {
                node
                for other in range(len(code))
                if other not in component
                for node in following[other]
                if node in component
            }
            # A loop that only an indirect jump enters has no entry in sight; its first instruction
            # will do.
            entries = entries or {min(component)}
            inner = strong_components(component - entries, following)
            if inner:
                descend(component - entries)
            else:
                found.append((component, entries))

    descend(set(range(len(code))))
    return found, following


def stores_by_path(code, component, entries, following):
    """The number of stores on each way once around the loop."""
    counts = set()

    def walk(node, stores):
        stores += code[node].is_store()
        for other in following[node]:
            if other in entries:
                counts.add(stores)
            elif other in component:
                walk(other, stores)

    for entry in entries:
        walk(entry, 0)
    return counts


# How a loop's turn moves its pointer to the next operation: by 8 bytes for each one it executes.
STRIDE = re.compile(
    r"(?:add\s+\$0x([0-9a-f]+),%r\w+|lea\s+0x([0-9a-f]+)\((%r\w+)\),\3"
    r"|sub\s+\$0x(ffffffffffffff[0-9a-f]+),%r\w+)$"
)


def operations_per_turn(code, component):
    """The number of operations that a turn of the loop executes, by the stride of its pointer."""
    strides = set()
    for index in component:
        if match := STRIDE.match(code[index].text):
            added, displaced, subtracted = match.group(1), match.group(2), match.group(4)
            stride = 2**64 - int(subtracted, 16) if subtracted else int(added or displaced, 16)
            strides.add(stride)
    operations = {stride // 8 for stride in strides if stride in (8, 16, 32, 64)}
    return operations.pop() if len(operations) == 1 else None


# A turn's own work, besides its updates: a step of the pointer, the distance to the end, and the
# jump.
TURN = 5
# Of an update: the load of the operation, the mask of its offset, the addition to memory.
UPDATE = 3


def excess_of_uniform_loop(code, component, updates):
    """What the loop over a uniform batch does beyond its updates and its counting, or None."""
    instructions = [code[index] for index in component if not code[index].is_padding()]
    jumps = [instruction.text for instruction in instructions if instruction.is_jump()]
    if len(jumps) != 1:
        return f"{len(jumps)} jumps"
    if any(
        instruction.mnemonic.startswith(("sh", "sar", "bextr", "bzhi"))
        for instruction in instructions
    ):
        return "decoding by shifts"
    if len(instructions) > UPDATE * updates + TURN:
        return f"{len(instructions)} instructions for {updates} updates"
    return None


def complaints(disassembly):
    """What is wrong with the update loops; nothing if all is well."""
    wrong, session_loops, record_loops = [], 0, 0
    uniform_loops = set()  # the numbers of updates in a turn of them
    for symbol, code in functions(disassembly).items():
        of_session = "Synchronous" in symbol
        if not of_session and symbol != "UpdateOneRecord":
            continue
        loops, following = innermost_loops(code)
        for component, entries in loops:
            if not any(code[index].adds_one_to_memory() for index in component):
                continue
            session_loops += of_session
            record_loops += not of_session
            text = "".join(f"\n    {code[index].text}" for index in sorted(component))
            if any(code[index].is_call() for index in component):
                wrong.append(f"{symbol}: a call in the update loop:{text}")
            counts = stores_by_path(code, component, entries, following)
            updates = operations_per_turn(code, component) if of_session else 1
            if counts != {updates}:
                wrong.append(f"{symbol}: {sorted(counts)} stores for {updates} updates:{text}")
            elif "UpdateUniform" in symbol:
                uniform_loops.add(updates)
                if excess := excess_of_uniform_loop(code, component, updates):
                    wrong.append(f"{symbol}: {excess} in the loop over a uniform batch:{text}")
    if session_loops == 0:
        wrong.append("Synchronous<ViewAccess>: no loop that adds 1 to a word of memory")
    if 4 not in uniform_loops:
        wrong.append("UpdateUniform: no loop of four updates a turn")
    if record_loops == 0:
        wrong.append("UpdateOneRecord: n updates of one record have become fewer than n stores")
    return wrong


def compile_and_disassemble(compiler, objdump, roots, source, folder):
    """The code of `source`, with the headers of the first of `roots` that has them."""
    include_folders = [
        root / beneath for root in map(pathlib.Path, roots) for beneath in ("include", ".")
    ]
    target = pathlib.Path(folder) / "mapped_update.o"
    subprocess.run(
        [
            compiler,
            "-std=c++20",
            "-O2",
            "-g0",
            "-fomit-frame-pointer",
            "-DFAULTLINE_BUILDING",
            *(f"-I{include}" for include in include_folders),
            "-c",
            str(source),
            "-o",
            str(target),
        ],
        check=True,
    )
    return subprocess.run(
        [objdump, "-dr", "--no-show-raw-insn", str(target)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def plant(root, folder, header, *replacements):
    text = (root / header).read_text()
    for old, new in zip(replacements[::2], replacements[1::2]):
        if old not in text:
            raise SystemExit(f"{header} no longer contains '{old}': bring FAULTS up to date")
        text = text.replace(old, new)
    copy = pathlib.Path(folder) / header
    copy.parent.mkdir(parents=True)
    copy.write_text(text)


def main():
    compiler, objdump, root = sys.argv[1], sys.argv[2], pathlib.Path(sys.argv[3])
    with tempfile.TemporaryDirectory() as folder:
        try:
            disassembly = compile_and_disassemble(compiler, objdump, [root], root / SUBJECT, folder)
        except FileNotFoundError as error:
            print(f"SKIPPED: {error.filename} is not installed; try binutils")
            return SKIPPED
    if "x86-64" not in disassembly.split("\n\n")[0]:
        print("SKIPPED: this test reads x86-64 code only")
        return SKIPPED
    failures = complaints(disassembly)
    for failure in failures:
        print(f"FAILED: {failure}")
    for name, header, *replacements in FAULTS:
        with tempfile.TemporaryDirectory() as folder:
            plant(root, folder, header, *replacements)
            faulty = compile_and_disassemble(
                compiler, objdump, [folder, root], root / SUBJECT, folder
            )
        if not complaints(faulty):
            failures.append(name)
            print(f"FAILED: planted in {header}, and not noticed: {name}")
    if not failures:
        print(
            "no call and one store per operation, no check in a uniform batch; "
            f"{len(FAULTS)} planted faults noticed"
        )
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
