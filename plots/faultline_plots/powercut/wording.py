"""The words of the page on power cuts, and the sentences that are computed from its figures."""

from __future__ import annotations

from faultline_plots import style, text
from faultline_plots.powercut.load import BAD_VERDICTS, Bin, Instant, PowerCuts, RecordVerdict, Row

INSTANTS: dict[Instant, str] = {
    "during": "during the updates",
    "after-updates": "after the last update",
    "after-unmap": "after unmapping",
    "after-close": "after closing",
    "after-flush": "after the flush",
}
RECORD_VERDICTS: dict[RecordVerdict, str] = {
    "intact_new": "intact, new",
    "intact_old": "intact, old",
    "torn": "torn",
    "lost": "lost",
    "impossible": "impossible",
    "unreadable": "unreadable",
}
# What the harness calls so: harness/powercut/record_verdict.h and powercut.h.
DEFINITIONS = (
    (
        "cut",
        "The strategy is stopped at an instant, the device is copied as it is, the copy is mounted"
        " as after a power failure, and every record is read. The device has no cache of its own: a"
        " real one may lose more, and tear what it was writing.",
    ),
    (
        "survived",
        "An update survived if its effect is in the file that was found after the cut, once the"
        " file system had put itself in order; of a torn record only those that surely are, of an"
        " impossible one none. Writes count as updates.",
    ),
    (
        "acknowledged",
        "By what the strategy declares, the update was durable before the power was cut: the flush"
        " that covers it had returned. A promise is kept if every acknowledged update survived,"
        " broken if one is missing, and none was made where nothing had been acknowledged.",
    ),
    (
        "intact, new · intact, old",
        "The record is whole: as its last update left it, or untouched where it had none; or as it"
        " was earlier, with no acknowledged update missing.",
    ),
    ("torn", "The record is in none of its states as a whole, but each part of it is from one."),
    ("lost", "The record is whole, but older than its last acknowledged update."),
    ("impossible", "None of these: bytes that no power cut can have put there."),
    (
        "unreadable",
        "The strategy's engine could not recover the storage that the cut left: it reported an"
        " error, or crashed on it.",
    ),
    ("straddling", "The record lies on two pages or more."),
)
INSTANT_MEANINGS: dict[Instant, str] = {
    "during": "At random moments, wherever the strategy is then.",
    "after-updates": "The last update has returned, nothing else has been done.",
    "after-unmap": "The strategy has closed, its process lives, another process has the file open.",
    "after-close": "The strategy has closed, its process has ended, no process has the file open.",
    "after-flush": "The strategy's flush has returned, nothing is closed.",
}
# Below it, a share is a matter of few updates.
FEW_UPDATES = 20
_MOST_DESCRIBED = 6
_MOST_NAMED = 12


def cuts(count: int) -> str:
    return "cut" if count == 1 else "cuts"


def promises(document: PowerCuts) -> str:
    """Which promises were kept; the broken ones are listed apart."""
    counted = {
        promise: sum(row.promise == promise for row in document.rows)
        for promise in ("kept", "broken", "none made")
    }
    if not any(counted.values()):
        return "No row says whether a promise was kept."
    made = counted["kept"] + counted["broken"]
    none = counted["none made"]
    if not made:
        return f"Nothing had been flushed before the {cuts(none)} ({none}), so no promise was made."
    tail = f" In {none} other {cuts(none)} nothing had been flushed yet." if none else ""
    if not counted["broken"]:
        return f"No flushed update was lost ({made} of {made} {cuts(made)}).{tail}"
    return f"Flushed updates were lost in {counted['broken']} of {made} {cuts(made)}.{tail}"


def broken(document: PowerCuts) -> list[str]:
    found = []
    for row in document.rows:
        if row.promise == "broken":
            missing = row.acknowledged_missing
            count = "acknowledged updates are missing"
            if missing is not None:
                count = f"{text.whole(missing)} acknowledged updates are missing"
                if missing == 1:
                    count = "1 acknowledged update is missing"
            of = f", of {text.whole(row.acknowledged)}" if row.acknowledged else ""
            found.append(f"{row.spec}, cut {INSTANTS[row.instant]}: {count}{of}.")
    return found


def outcomes(document: PowerCuts) -> list[str]:
    """For each instant: of which strategies everything survived, some, nothing."""
    found = []
    for instant in document.instants:
        rows = [row for row in document.rows if (row.instant, row.status) == (instant, "ok")]
        shares = [(row.spec, row.share) for row in rows if row.share is not None]
        if not shares:
            continue
        parts = [
            f"{what} of {text.listing(specs, _MOST_NAMED)}"
            for what, specs in (
                ("everything survived", [spec for spec, share in shares if share == 1]),
                ("a part survived", [spec for spec, share in shares if 0 < share < 1]),
                ("nothing survived", [spec for spec, share in shares if share == 0]),
            )
            if specs
        ]
        found.append(f"Cut {INSTANTS[instant]}: {'; '.join(parts)}.")
    return found


def survival_reading(rows: list[Row]) -> str:
    """Of the rows that are drawn."""
    everything: list[Row] = []
    nothing: list[Row] = []
    between: list[Row] = []
    for row in rows:
        shares = {one.share for one in row.survival}
        (everything if shares == {1} else nothing if shares == {0} else between).append(row)
    sentences = []
    if nothing:
        # Each of them had updates at least that old.
        old = min(row.survival[-1].age_low_seconds for row in nothing)
        tail = f"not even updates {_age(old)} old" if old else "whatever its age"
        sentences.append(f"Nothing survived of {_names(nothing)}, {tail}.")
    if everything:
        sentences.append(f"Every update survived of {_names(everything)}, whatever its age.")
    for row in between[:_MOST_DESCRIBED]:
        first, last = row.survival[0], row.survival[-1]
        if first is last:
            sentences.append(f"{row.spec}: {_part(first)}.")
        else:
            sentences.append(
                f"{row.spec}: {_part(first)}; of the oldest ({ages(last)}),"
                f" {text.share(last.share)}."
            )
    if len(between) > _MOST_DESCRIBED:
        sentences.append(f"{len(between) - _MOST_DESCRIBED} more are between all and nothing.")
    updates = [one.updates for row in rows for one in row.survival]
    sentences.append(
        f"A point stands for {text.whole(min(updates))} to {text.whole(max(updates))} updates of"
        " one range of ages, which its bar spans."
    )
    if min(updates) < FEW_UPDATES:
        sentences.append(f"Hollow points have fewer than {FEW_UPDATES}.")
    return " ".join(sentences)


def records_reading(rows: list[Row]) -> str:
    """Of the rows that are drawn."""
    sentences = []
    for name in BAD_VERDICTS:
        hit = [row for row in rows if row.records.get(name)]
        if not hit:
            if name != "unreadable":
                sentences.append(f"No record is {name}.")
            continue
        total = sum(row.records[name] for row in hit)
        worst = max(hit, key=lambda row: row.records[name] / row.all_records)
        sentences.append(
            f"{_records(total)} {name} in {len(hit)} of {len(rows)} rows; the largest share is"
            f" {text.share(worst.records[name] / worst.all_records)}, of {worst.spec} cut"
            f" {INSTANTS[worst.instant]}."
        )
    known = [(row, row.straddling) for row in rows if row.straddling and row.records.get("torn")]
    if known:
        torn = sum(row.records["torn"] for row, _ in known)
        across = sum(straddling.torn for _, straddling in known)
        if across == torn:
            sentences.append("All torn ones lie on two pages or more.")
        else:
            sentences.append(
                f"Of the {text.whole(torn)} torn ones, {text.whole(across)} lie on two pages or"
                " more."
            )
    return " ".join(sentences)


def ages(one: Bin) -> str:
    if one.age_low_seconds == 0:
        return f"up to {_age(one.age_high_seconds)} old"
    return f"{_age(one.age_low_seconds)} to {_age(one.age_high_seconds)} old"


def _age(seconds: float) -> str:
    return style.tick_text(seconds, text.seconds)


def _part(one: Bin) -> str:
    return f"of the youngest updates ({ages(one)}), {text.share(one.share)} survived"


def _names(rows: list[Row]) -> str:
    return text.listing([row.spec for row in rows], _MOST_NAMED)


def _records(count: int) -> str:
    return "1 record is" if count == 1 else f"{text.whole(count)} records are"
