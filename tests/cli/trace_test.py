"""A real program's I/O, recorded, summed up and replayed through strategies that are verified."""

import gzip
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

from support import PATIENCE, PROGRAM, CliTest, repetitions_of

SECOND = 1_700_000_100  # since 1970
STRACE = f'7 {SECOND}.000000 open("/f", O_RDWR) = 3\n7 {SECOND}.000001 write(3, ""..., 512) = 512\n'


def missing(*programs):
    return [name for name in programs if shutil.which(name) is None]


def can_trace():
    """Whether strace may trace here: a container can forbid it."""
    if missing("strace"):
        return False
    return subprocess.run(["strace", "-qq", "true"], capture_output=True).returncode == 0


class TraceTest(CliTest):
    def setUp(self):
        super().setUp()
        if not can_trace():
            print("SKIPPED: strace is missing or may not trace here")
            self.skipTest("no strace")

    def record(self, *words, code=0):
        result = self.faultline("trace", "record", "--output", "it.fltrace", *words)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result

    def summary(self, trace="it.fltrace"):
        result = self.faultline("trace", "show", trace, "--format", "json")
        self.assertEqual(result.returncode, 0, result.stderr)
        return json.loads(result.stdout)

    def test_a_load_of_sqlite_is_recorded_shown_and_replayed(self):
        if missing("sqlite3"):
            print("SKIPPED: sqlite3 is missing")
            self.skipTest("no sqlite3")
        lines = ["create table t(id integer primary key, text);"]
        lines += [f"insert into t values({i}, hex(randomblob(200)));" for i in range(20)]
        lines += ["update t set text = 'x' where id % 3 = 0;", "select count(*) from t;"]
        (self.folder / "load.sql").write_text("\n".join(lines))
        result = self.record("--file", "my.db*", "--", "sqlite3", "my.db", ".read load.sql")
        self.assertEqual(result.stdout, "20\n")
        summary = self.summary()
        files = {pathlib.Path(file["path"]).name: file for file in summary["files"]}
        self.assertEqual(sorted(files), ["my.db", "my.db-journal"])
        size = (self.folder / "my.db").stat().st_size
        self.assertEqual(files["my.db"]["extent_bytes"], size)
        self.assertGreaterEqual(files["my.db"]["flushes"], 22)
        self.assertGreater(files["my.db"]["written_bytes"], size)
        self.assertEqual(summary["processes"], 1)
        text = self.faultline("trace", "show", "it.fltrace").stdout
        self.assertIn("sqlite3 my.db '.read load.sql'", text)

        words = ["--workload", "trace:it.fltrace", "--repetitions", "1"]
        for strategy in ("read-write", "mmap-view", "io-uring", "null"):
            words += ["--strategy", strategy]
        result = self.faultline("run", *words, "--directory", "data", "--output", "out")
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        for trial in self.document()["trials"]:
            facts = trial["workload"]["facts"]
            self.assertEqual(facts["files"], "2")
            self.assertIn("accesses lie in several blocks", facts["split"])
            for repetition in trial["repetitions"]:
                if trial["strategy"]["name"] == "null":
                    self.assertEqual(repetition["status"], "unsupported")
                    self.assertIn("can't keep the flushes", repetition["error"])
                elif repetition["status"] != "unsupported":
                    self.assertIs(repetition["verified"], True)
                    operations = summary["replay"]["operations"]
                    self.assertEqual(repetition["operations"], 2 * operations)

    def test_files_that_grow_and_are_cut_are_played_with_holes(self):
        if missing("sqlite3"):
            print("SKIPPED: sqlite3 is missing")
            self.skipTest("no sqlite3")
        for journal in ("truncate", "delete"):
            with self.subTest(journal=journal):
                shutil.rmtree(self.folder / "out", ignore_errors=True)
                lines = [f"pragma journal_mode = {journal};", "create table t(text);"]
                lines += ["insert into t values(hex(randomblob(20000)));"] * 10
                lines += ["delete from t;", "vacuum;"]
                (self.folder / "load.sql").write_text("\n".join(lines))
                self.record("--file", "my.db*", "--", "sqlite3", "my.db", ".read load.sql")
                replay = self.summary()["replay"]
                # The database grows to 400 KiB, and is cut by the last command; so are journals.
                self.assertGreater(replay["discards"], 400 * 1024 // replay["block_bytes"])
                text = " ".join(self.faultline("trace", "show", "it.fltrace").stdout.split())
                self.assertRegex(
                    text,
                    r"before the clock of each pass .* are discarded, \d+ truncations discard ",
                )
                self.run_trace_and_look_for_holes()
                for name in ("it.fltrace", "my.db"):
                    os.remove(self.folder / name)

    def run_trace_and_look_for_holes(self):
        result = self.faultline(
            "run", "--workload", "trace:it.fltrace,block=4KiB", "--strategy", "mmap-view",
            "--repetitions", "1", "--directory", "data", "--output", "out",
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stdout + result.stderr)
        (trial,) = self.document()["trials"]
        self.assertIn("gives the storage back", trial["strategy"]["discards"])
        self.assertIn("truncations discard", trial["workload"]["facts"]["growth"])
        for repetition in trial["repetitions"]:
            self.assertIs(repetition["verified"], True)
        for file in (self.folder / "data").glob("*.data"):
            status = file.stat()
            self.assertEqual(status.st_size, trial["parameters"]["file_bytes"])
            self.assertLess(status.st_blocks * 512, status.st_size / 2)
            os.remove(file)
            os.remove(file.with_suffix(".manifest"))

    def test_processes_threads_and_offsets_are_followed(self):
        (self.folder / "work.py").write_text(
            "import os, threading\n"
            "one = os.open('data', os.O_RDWR | os.O_CREAT)\n"
            "os.write(one, bytes(100))\n"
            "thread = threading.Thread(target=os.write, args=(os.dup(one), bytes(100)))\n"
            "thread.start(); thread.join()\n"
            "if os.fork() == 0:\n"
            "    os.write(one, bytes(100)); os._exit(0)\n"
            "os.wait()\n"
            "os.write(one, bytes(100)); os.fsync(one)\n"
        )
        self.record("--file", f"{self.folder}/data", "--", "/usr/bin/env", "python3", "work.py")
        summary = self.summary()
        self.assertEqual([file["extent_bytes"] for file in summary["files"]], [400])
        self.assertEqual(summary["events"]["write"], {"count": 4, "bytes": 400})
        self.assertEqual(summary["events"]["flush"]["count"], 1)
        self.assertEqual(summary["threads"], summary["processes"] + 1)

    def test_both_recorders_see_the_same(self):
        (self.folder / "work.py").write_text(
            "import fcntl, mmap, os, subprocess, sys, threading\n"
            "fd = os.open('data', os.O_RDWR | os.O_CREAT | os.O_TRUNC)\n"
            "os.write(fd, bytes(5000)); os.pwrite(fd, bytes(100), 9000)\n"
            "os.lseek(fd, 4000, os.SEEK_SET); os.read(fd, 700); os.pread(fd, 300, 8900)\n"
            "os.preadv(fd, [bytearray(50), bytearray(60)], 10)\n"
            "os.pwritev(fd, [bytes(9)] * 3, 20000)\n"
            "copy = os.dup(fd); fcntl.fcntl(copy, fcntl.F_SETFL, os.O_APPEND)\n"
            "os.write(copy, bytes(11)); os.fsync(copy); os.close(copy); os.ftruncate(fd, 16384)\n"
            "view = mmap.mmap(fd, 8192); view.flush(); view.close()\n"
            "os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_RANDOM)\n"
            "def work(i):\n"
            "    mine = os.open(f'data-{i}', os.O_RDWR | os.O_CREAT | os.O_DSYNC)\n"
            "    for k in range(20): os.pwrite(mine, bytes(10 + i), 100 * k)\n"
            "    os.close(mine)\n"
            "threads = [threading.Thread(target=work, args=(i,)) for i in range(3)]\n"
            "for thread in threads: thread.start()\n"
            "for thread in threads: thread.join()\n"
            "os.rename('data-0', 'data-x'); out = os.open('data-out', os.O_WRONLY | os.O_CREAT)\n"
            "subprocess.run(['sh', '-c', 'echo word; cat data-x | cat >&2'], stdout=out,\n"
            "               stderr=subprocess.DEVNULL, check=True)\n"
            "os.sendfile(out, fd, 0, 123)\n"
            "os.write(1, b'word')\n"
        )
        found = {}
        for recorder in ("strace", "events"):
            result = self.faultline(
                "trace", "record", "--recorder", recorder, "--output", f"{recorder}.fltrace",
                "--file", "data*", "--", "/usr/bin/env", "python3", "work.py",
            )  # fmt: skip
            if result.returncode == 77:
                print("SKIPPED:", result.stderr)
                self.skipTest("no trace events")
            self.assertEqual(result.returncode, 0, result.stderr)
            summary = self.summary(f"{recorder}.fltrace")
            for count in ("advice_calls", "run_ns"):  # strace is not asked for the first
                del summary["counts"][count]
            for kind in ("fault-read", "fault-write"):
                del summary["events"][kind]
            figures = ("reads", "read_bytes", "writes", "written_bytes", "flushes", "extent_bytes")
            found[recorder] = (
                summary["events"],
                summary["counts"],
                {file["path"]: [file[name] for name in figures] for file in summary["files"]},
                summary["processes"],
                summary["notes"],
            )
        self.maxDiff = None
        self.assertEqual(found["events"], found["strace"])
        self.assertEqual(found["events"][1]["durable_writes"], 60)
        self.assertEqual(found["events"][2][f"{self.folder}/data"][:4], [4, 1133, 4, 5138])

    def test_a_process_that_runs_is_recorded_for_a_while_and_goes_on(self):
        (self.folder / "work.py").write_text(
            "import os, time\n"
            "fd = os.open('data', os.O_RDWR | os.O_CREAT)\n"
            "os.write(fd, bytes(4096)); open('ready', 'w').close()\n"
            "while not os.path.exists('stop'):\n"
            "    os.write(fd, bytes(512)); time.sleep(0.01)\n"
            "os.fsync(fd); os._exit(7)\n"
        )
        process = subprocess.Popen(
            ["/usr/bin/env", "python3", "work.py"],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.started.append(process)
        self.wait_until((self.folder / "ready").exists, "the program's file")
        self.record("--pid", str(process.pid), "--seconds", "0.5", "--file", "data")
        summary = self.summary()
        writes = summary["events"]["write"]
        self.assertGreater(writes["count"], 3)
        self.assertEqual(writes["bytes"], 512 * writes["count"])
        # What it had open from the beginning is known with its place.
        self.assertEqual(summary["notes"], [])
        self.assertGreater(summary["files"][0]["extent_bytes"], 4096 + 512 * writes["count"] - 1)
        self.assertIsNone(process.poll())
        os.remove(self.folder / "it.fltrace")
        recording = self.start("trace", "record", "--output", "it.fltrace", "-p", str(process.pid))
        time.sleep(0.3)
        (self.folder / "stop").touch()
        self.assertEqual(recording.wait(timeout=PATIENCE), 0)
        self.assertEqual(process.wait(timeout=PATIENCE), 7)
        self.assertEqual(self.summary()["events"]["flush"]["count"], 1)
        for words, part in (
            (["--pid", "999999999"], "there is no process"),
            (["--pid", "1", "--cost"], "--cost is of a command"),
            (["--seconds", "1", "--", "true"], "--seconds is for --pid"),
            (["--pid", "1", "--", "true"], "leave the command out"),
            (["--recorder", "magic", "--", "true"], "auto, strace or events"),
        ):
            with self.subTest(words=words):
                self.assert_refused(self.faultline("trace", "record", *words), part)

    def test_the_exit_code_is_the_commands(self):
        result = self.record("--", "sh", "-c", "echo word > data; exit 7", code=7)
        self.assertIn("exit code 7", result.stderr)
        self.assertEqual(self.summary()["events"]["write"]["bytes"], 5)
        self.assertGreater(self.summary()["counts"]["run_ns"], 0)
        self.assertEqual(self.summary()["counts"]["plain_run_ns"], 0)
        os.remove(self.folder / "it.fltrace")
        result = self.record(
            "--cost", "--", "sh", "-c", "echo word > data; kill -TERM $$", code=143
        )
        self.assertRegex(result.stderr, r" recorded, .* without: [\d.]+ times as long")
        self.assertGreater(self.summary()["counts"]["plain_run_ns"], 0)

    def test_no_cost_is_told_of_a_command_that_does_not_do_the_same_twice(self):
        once = "echo word > data; if [ -e done ]; then exit 5; fi; touch done"
        result = self.record("--cost", "--", "sh", "-c", once, code=5)
        self.assertNotIn("times as long", result.stderr)
        self.assertIn("exit code 0 without", result.stderr)
        self.assertEqual(self.summary()["counts"]["plain_run_ns"], 0)

    def test_accesses_through_a_mapping_are_recorded_or_said_to_be_missing(self):
        (self.folder / "work.py").write_text(
            "import mmap\n"
            "file = open('data', 'w+b'); file.truncate(64 << 20)\n"
            "view = mmap.mmap(file.fileno(), 0); view.madvise(mmap.MADV_RANDOM)\n"
            "for page in range(0, 16384, 1024):\n"
            "    view[page * 4096] = 1\n"
            "view.flush()\n"
        )
        self.record("--file", "data", "--", "/usr/bin/env", "python3", "work.py")
        summary = self.summary()
        self.assertEqual(summary["events"]["flush"]["count"], 1)
        self.assertGreaterEqual(summary["events"]["map"]["count"], 1)
        if not summary["faults_recorded"]:
            self.assertIn("accesses to mapped ranges are not recorded", summary["notes"][0])
            return
        self.assertEqual(summary["events"]["fault-write"]["count"], 16)
        self.assertEqual(summary["notes"], [])

    def test_nothing_is_left_of_a_record_that_was_stopped(self):
        stubborn = "trap '' TERM; echo word > data; sleep 100 & wait"
        busy = "trap '' TERM; while :; do echo word > data; done"
        for stop, script in (
            ("terminated", stubborn),
            ("terminated", busy),
            ("tracer killed", stubborn),
        ):
            with self.subTest(stop=stop, script=script):
                process = self.start(
                    "trace", "record", "--output", "it.fltrace", "--", "sh", "-c", script
                )
                self.wait_until((self.folder / "data").exists, "the command's file")
                time.sleep(0.1)
                if stop == "terminated":
                    process.send_signal(signal.SIGTERM)
                    self.assertEqual(process.wait(timeout=PATIENCE), 130)
                else:
                    children = pathlib.Path(f"/proc/{process.pid}/task/{process.pid}/children")
                    os.kill(int(children.read_text().split()[0]), signal.SIGKILL)
                    self.assertEqual(process.wait(timeout=PATIENCE), 1)
                    self.assertIn("strace ended before the command did", process.stderr.read())
                self.wait_until(
                    lambda: not self.processes_here(), "the command's end", after_end=True
                )
                self.assertEqual(self.entries(), ["data"])
                os.remove(self.folder / "data")


class ImportTest(CliTest):
    def test_texts_become_traces(self):
        (self.folder / "text").write_text(STRACE)
        result = self.faultline("trace", "import", "text", "--output", "it.fltrace")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("2 events of 1 file from 2 lines of strace", result.stderr)
        self.run_small_trace("it.fltrace")

    def run_small_trace(self, trace):
        result = self.faultline(
            "run", "--workload", f"trace:file={trace},block=512", "--strategy", "read-write",
            "--repetitions", "1", "--directory", "data", "--output", "out",
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        (repetition,) = repetitions_of(self.document())[-1:]
        self.assertIs(repetition["verified"], True)

    def test_a_trace_is_replayed_at_its_times(self):
        lines = [STRACE]
        for i in range(1, 41):
            time_text = f"{SECOND}.{i * 500:06}"
            lines.append(f'7 {time_text} pwrite64(3, ""..., 512, {i % 8 * 512}) = 512\n')
        (self.folder / "text").write_text("".join(lines))
        result = self.faultline("trace", "import", "text", "--output", "it.fltrace")
        self.assertEqual(result.returncode, 0, result.stderr)
        words = ["run", "--load", "open", "--repetitions", "3", "--directory", "data"]
        words += ["--workload", "trace:it.fltrace,block=512", "--workload"]
        words += ["trace:it.fltrace,block=512,speed=2"]
        words += ["--strategy", "read-write", "--strategy", "mmap-view", "--output", "out"]
        result = self.faultline(*words)
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("open load", result.stdout)
        self.assertIn("p99.9", result.stdout)
        self.assertNotIn("accepted", result.stdout)
        for trial in self.document()["trials"]:
            self.assertEqual(trial["parameters"]["load"], "open")
            self.assertIsNone(trial["parameters"]["rate"])
            intended = 4000 if "speed=2" in trial["workload"]["spec"] else 2000
            for repetition in trial["repetitions"]:
                self.assertIs(repetition["verified"], True)
                self.assertIsNone(repetition["ns_per_operation"])
                self.assertEqual(repetition["operations"], 2 * 41)
                self.assertEqual(repetition["latency"]["samples"], 2 * 41)
                load = repetition["open_loop"]
                # 40 gaps of 500 µs, but for the first one, which is shorter by 1 µs.
                self.assertAlmostEqual(load["intended_operations_per_second"] / intended, 1, 3)
                self.assertLessEqual(
                    load["achieved_operations_per_second"], load["intended_operations_per_second"]
                )
                self.assertEqual(load["due_together"], 0)
        result = self.faultline("advise", "out")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("open load", result.stdout)
        result = self.faultline("compare", "out", "out")
        self.assertIn("open load", result.stdout)
        self.assertIn("0 worse, 0 better, 0 tied", result.stdout)

    def test_open_loads_without_times_or_with_two_are_refused(self):
        (self.folder / "text").write_text(STRACE)
        self.faultline("trace", "import", "text", "--output", "it.fltrace")
        trace = ["--workload", "trace:it.fltrace"]
        for words, part in (
            (["--load", "open"], "give --rate"),
            (["--rate", "5"], "--load open"),
            (["--load", "opne"], "closed or open"),
            (["--load", "open", "--rate", "0"], "--rate"),
            (["--load", "open", "--rate", "1"], "--timeout"),
            (["--load", "open", "--rate", "1e6", "--latency", "all"], "--latency"),
            ([*trace, "--load", "open", "--rate", "5"], "speed"),
        ):
            with self.subTest(words=words):
                self.assert_refused(self.faultline("run", *words, "--output", "o"), part, code=2)

    def test_a_text_comes_from_a_pipe_compressed_or_in_a_file_for_each_thread(self):
        text = STRACE.encode()
        words = [PROGRAM, "trace", "import", "-", "--output", "it.fltrace"]
        for given in (
            text,
            gzip.compress(text),
            gzip.compress(text[:40]) + gzip.compress(text[40:]),
        ):
            result = subprocess.run(
                words, cwd=self.folder, input=given, capture_output=True, timeout=PATIENCE
            )
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn(b"from 2 lines of strace", result.stderr)
            os.remove(self.folder / "it.fltrace")
        (self.folder / "cut.gz").write_bytes(gzip.compress(text)[:-12])
        self.assert_refused(self.faultline("trace", "import", "cut.gz"), "cut.gz", "is cut", code=1)
        (self.folder / "text.zst").write_bytes(b"\x28\xb5\x2f\xfd" + text)
        self.assert_refused(self.faultline("trace", "import", "text.zst"), "zstd -dc")
        (self.folder / "threads").mkdir()
        (self.folder / "threads" / "t.7").write_text(
            f'{SECOND}.0 open("/f", O_RDWR) = 3\n{SECOND}.1 fork() = 8\n'
        )
        (self.folder / "threads" / "t.8").write_text(f'{SECOND}.2 write(3, ""..., 512) = 512\n')
        for inputs in (["threads"], ["threads/t.8", "threads/t.7"]):
            result = self.faultline("trace", "import", *inputs, "--output", "it.fltrace")
            self.assertEqual(result.returncode, 0, result.stderr)
            self.assertIn("2 events of 1 file from 3 lines of strace", result.stderr)
            os.remove(self.folder / "it.fltrace")

    def test_what_is_skipped_or_missing_is_said_and_in_the_trace(self):
        (self.folder / "text").write_text(
            STRACE + 'loading, 5 %\n7 fork() = 8\n7 write(5, ""..., 512) = 512\n'
        )
        result = self.faultline("trace", "import", "text", "--output", "it.fltrace")
        self.assertEqual(result.returncode, 0, result.stderr)
        notes = [line.removeprefix("faultline: ") for line in result.stderr.splitlines()[:-1]]
        self.assertEqual(len(notes), 3)
        self.assertIn("1 process was started and never seen", notes[0])
        self.assertIn(
            "1 transfer on 1 unnamed descriptor: trace with -y, or --descriptor 5=PATH", notes[1]
        )
        self.assertIn("the first is line 3: 'loading, 5 %'", notes[2])
        shown = self.faultline("trace", "show", "it.fltrace", "--format", "json")
        document = json.loads(shown.stdout)
        self.assertEqual(document["notes"], notes)
        self.assertEqual(document["counts"]["unseen_threads"], 1)
        self.assertEqual(document["counts"]["unplaced_transfers"], 1)
        self.assertIn("missing ", self.faultline("trace", "show", "it.fltrace").stdout)

    def test_no_advice_on_a_trace_that_may_lack_a_tenth_unless_asked(self):
        lines = [f'7 pwrite64(3, ""..., 512, {i * 512}) = 512\n' for i in range(20)]
        (self.folder / "text").write_text(
            STRACE + "".join(lines) + '7 write(5, ""..., 512) = 512\n' * 3
        )
        self.faultline("trace", "import", "text", "--output", "it.fltrace")
        words = [
            "advise",
            "it.fltrace",
            "--strategy",
            "read-write",
            "--repetitions",
            "1",
            "--quiet",
        ]
        refused = self.faultline(*words)
        self.assert_refused(refused, "3 transfers of files that nothing names", "--anyway")
        result = self.faultline(*words, "--anyway")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn("advice although the trace may lack much", " ".join(result.stdout.split()))
        self.assert_refused(
            self.faultline("advise", "faultline-runs", "--anyway"), "--anyway is for a trace"
        )

    def test_the_baseline_is_what_the_program_does_today(self):
        lines = ['7 open("/f", O_RDWR|O_DIRECT) = 3\n']
        lines += [f'7 pread64(3, ""..., 4096, {i * 4096}) = 4096\n' for i in range(16)]
        (self.folder / "text").write_text("".join(lines))
        self.faultline("trace", "import", "text", "--output", "it.fltrace")
        result = self.faultline(
            "advise", "it.fltrace", "--strategy", "read-write", "--repetitions", "1", "--quiet"
        )
        if "can't be transferred past" in result.stderr or result.returncode == 77:
            print("SKIPPED: no transfers past the cache here")
            self.skipTest("no direct transfers")
        self.assertEqual(result.returncode, 0, result.stderr)
        self.assertIn(
            "Baseline: direct, 16 of its 16 accesses are calls; 16 of 16 go past the page cache",
            " ".join(result.stdout.split()),
        )

    def test_huge_files_are_played_in_a_small_data_file(self):
        (self.folder / "text").write_text(
            "fio version 2 iolog\n/big add\n/big open\n/big write 30000000000 4096\n"
            "/big write 8900000000000 4096\n/big read 30000000000 4096\n"
            "/big trim 0 40000000000\n/big close\n"
        )
        self.faultline("trace", "import", "text", "--output", "it.fltrace")
        self.assertIn("compact: 16.0 KiB of", self.faultline("trace", "show", "it.fltrace").stdout)
        result = self.faultline(
            "run", "--workload", "trace:it.fltrace", "--strategy", "read-write",
            "--strategy", "mmap-view", "--repetitions", "1", "--directory", "data",
            "--output", "out",
        )  # fmt: skip
        self.assertEqual(result.returncode, 0, result.stderr)
        document = self.document()
        for trial in document["trials"]:
            self.assertEqual(trial["parameters"]["file_bytes"], 16384)
            self.assertIn("left out", trial["workload"]["facts"]["compact"])
        for repetition in repetitions_of(document):
            self.assertIs(repetition["verified"], True)
        result = self.faultline(
            "run", "--workload", "trace:it.fltrace,compact=off", "--output", "o"
        )
        self.assert_refused(result, "1 TiB")

    def test_bad_words_and_texts_are_refused(self):
        (self.folder / "text").write_text(STRACE + "nonsense\n" * 3)
        (self.folder / "counts").write_text(
            "% time     seconds  usecs/call     calls    errors syscall\n"
        )
        for words, parts, code in (
            (["trace"], ["record, import and show"], 2),
            (["trace", "x"], ["record, import and show"], 2),
            (["trace", "recrod"], ["did you mean 'record'?"], 2),
            (["trace", "record"], ["record what?"], 2),
            (["trace", "record", "--", "no-such-program"], ["no-such-program"], 2),
            (["trace", "import"], ["import what?"], 2),
            (["trace", "import", "absent"], ["absent"], 2),
            (["trace", "import", "text", "--format", "dtrace"], ["'dtrace'"], 2),
            (["trace", "import", "text"], ["3 lines of others", "line 3: 'nonsense'"], 2),
            (["trace", "import", "counts"], ["without -c"], 2),
            (["trace", "import", "text", "--descriptor", "x"], ["3=my.db"], 2),
            (["trace", "import", "text", "--descriptor", "x=y"], ["--descriptor"], 2),
            (["trace", "import", "text", "--columns", "op"], ["op, offset and size"], 2),
            (["trace", "import", "."], ["most of '.' is no text of strace"], 2),
            (["trace", "import", "text", "absent"], ["absent"], 2),
            (["trace", "show", "text"], ["is no trace"], 2),
            (["trace", "show"], ["show what?"], 2),
            (["run", "--workload", "trace", "--output", "o"], ["'file'"], 2),
            (["run", "--workload", "trace:absent", "--output", "o"], ["absent"], 2),
            (["run", "--workload", "trace:text", "--output", "o"], ["is no trace"], 2),
        ):
            with self.subTest(words=words):
                self.refuse(*words, says=parts, code=code)

    def test_where_strace_may_not_trace_the_exit_code_is_77(self):
        strace = self.folder / "strace"
        strace.write_text("#!/bin/sh\necho 'strace: Operation not permitted' >&2\nexit 1\n")
        strace.chmod(0o755)
        for what in (["--", "true"], ["--pid", str(os.getpid())]):
            with self.subTest(what=what):
                result = subprocess.run(
                    [PROGRAM, "trace", "record", "--output", "it.fltrace", *what],
                    cwd=self.folder, capture_output=True, text=True, timeout=PATIENCE,
                    env={**os.environ, "PATH": f"{self.folder}:{os.environ['PATH']}"},
                )  # fmt: skip
                self.assertEqual(result.returncode, 77, result.stderr)
                self.assertIn("strace could not trace the ", result.stderr)
                self.assertEqual(self.entries(), ["strace"])
        strace.unlink()
        result = subprocess.run(
            [PROGRAM, "trace", "record", "--", "/bin/true"],
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            env={"PATH": "/nowhere"},
        )
        self.assertEqual(result.returncode, 77, result.stderr)
        self.assertIn("install the package strace", result.stderr)

    def test_help_of_every_part_fits(self):
        for words in ("--help", "record --help", "import --help", "show --help"):
            result = self.faultline("trace", *words.split())
            self.assertEqual(result.returncode, 0)
            self.assertIn("Usage: faultline trace", result.stdout)
            for line in result.stdout.splitlines():
                self.assertLessEqual(len(line), 80, line)


if __name__ == "__main__":
    unittest.main()
