"""Tests tools/advisories with an invented list. Run it with: python3 tools/advisories_test.py"""

import datetime
import importlib.machinery
import importlib.util
import io
import json
import pathlib
import sys
import tempfile
import unittest
import zipfile

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
LOADER = importlib.machinery.SourceFileLoader("advisories", str(HERE / "advisories"))
advisories = importlib.util.module_from_spec(importlib.util.spec_from_loader("advisories", LOADER))
LOADER.exec_module(advisories)

TODAY = datetime.date(2031, 5, 20)


def advisory(id, name="org.example:candle", events=None, versions=(), modified="2031-05-01T10:00:00.123456789Z", **more):
    part = {"package": {"ecosystem": "Maven", "name": name}, "versions": list(versions)}
    if events:
        part["ranges"] = [{"type": "ECOSYSTEM", "events": events}]
    return {"id": id, "modified": modified, "summary": f"summary of {id}", "affected": [part], **more}


def between(introduced, **end):
    return [{"introduced": introduced}, *({kind: at} for kind, at in end.items())]


class VersionOrderTest(unittest.TestCase):
    # Each line is in ascending order; entries that are joined by "=" are equal. Compared once with Maven 3.9.12's own order.
    LINES = [
        "1-alpha-1=1-a1 1-alpha-2 1-beta-1=1b1 1-milestone-3=1-m3 1-rc-1=1-cr-1=1cr1 1-SNAPSHOT 1=1.0=1.0.0=1.0.0-ga=1-final=1.0.RELEASE 1-sp 1-abc 1-1 1.1",
        "2.9 2.10 2.10.1 10 10.0.1",
        "1.0-RC2 1.0-rc10 1.0 1.0-jre 1.0-1 1.0.1",
        "1.0.x1=1.0-x-1 1.0-x-2 1.0.1-x1",
        "31.1-android 31.1-jre 31.1.1-jre 32.0.0-jre",
        "9.4.9.v20180320 9.4.10.v20180503 9.4.51.v20230217 10.0.0",
        "1-0.1 1.0.1 1..2=1.0.2 1.0.3",
        "99999999999999999998 99999999999999999999",
    ]

    def test_lines_areInOrder(self):
        for line in self.LINES:
            ranks = [(rank, version) for rank, group in enumerate(line.split()) for version in group.split("=")]
            for rank, one in ranks:
                for other_rank, other in ranks:
                    with self.subTest(one=one, other=other):
                        expected = (rank > other_rank) - (rank < other_rank)
                        self.assertEqual(expected, advisories.compare_versions(one, other))


class RangeTest(unittest.TestCase):
    def affected(self, version, events):
        return advisories.is_in_range(version, events)

    def test_fixed_isOutside(self):
        events = between("1.2", fixed="1.4")
        self.assertEqual(
            [False, True, True, True, False, False],
            [self.affected(v, events) for v in ("1.1", "1.2", "1.3.9", "1.4-rc1", "1.4", "1.4.1")])

    def test_lastAffected_isInside(self):
        events = between("0", last_affected="1.4")
        self.assertEqual([True, True, False], [self.affected(v, events) for v in ("0.0.1-alpha", "1.4.0", "1.4.1")])

    def test_introducedAtZero_isBelowEverything(self):
        self.assertTrue(self.affected("0-alpha-1", between("0", fixed="1")))

    def test_withoutEnd_affectsAllLaterVersions(self):
        self.assertEqual([False, True], [self.affected(v, between("2")) for v in ("1.9", "2031")])

    def test_severalSpansInAnyOrder(self):
        events = [{"fixed": "2.3"}, {"introduced": "2.0"}, {"introduced": "1.0"}, {"fixed": "1.5"}]
        self.assertEqual(
            [False, True, False, True, False], [self.affected(v, events) for v in ("0.9", "1.4", "1.9", "2.2", "2.3")])

    def test_fixedAndIntroducedAgainAtOneVersion_isAffected(self):
        events = [{"introduced": "2"}, {"introduced": "1"}, {"fixed": "2"}]
        self.assertTrue(self.affected("2.1", events))

    def test_limit_endsTheRange(self):
        events = [{"introduced": "1"}, {"limit": "3"}]
        self.assertEqual([True, False], [self.affected(v, events) for v in ("2", "3")])


class CommandTest(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.ship(("org.example", "candle", "1.3"), ("org.example", "lamp", "2.0-rc1"))

    def ship(self, *components):
        entries = [dict(zip(("group", "name", "version"), it)) for it in components]
        (self.folder / "sbom.json").write_text(json.dumps({"components": entries}))

    def write(self, *entries):
        (self.folder / "list").mkdir(exist_ok=True)
        for entry in entries:
            (self.folder / "list" / f"{entry['id']}.json").write_text(json.dumps(entry))

    def run_tool(self, where="list"):
        out, err = io.StringIO(), io.StringIO()
        arguments = ["--list", str(self.folder / where), "--sbom", str(self.folder / "sbom.json")]
        code = advisories.main(arguments, TODAY, out, err)
        return code, out.getvalue(), err.getvalue()

    def test_nothingAffected_endsWith0(self):
        self.write(advisory("EX-1", events=between("0", fixed="1.3")), advisory("EX-2", name="org.example:bell", events=between("0")))
        self.assertEqual((0, "2 libraries, 2 advisories, 0 findings; the list's newest change is 19 days old.\n", ""), self.run_tool())

    def test_affected_isNamedWithItsCure_andEndsWith1(self):
        self.write(advisory("EX-1", events=between("1.0", fixed="1.3.1"), aliases=["CVE-2031-0001"]), advisory("EX-2", name="org.example:lamp", versions=["2.0-rc1"]))
        code, out, err = self.run_tool()
        self.assertEqual(1, code)
        self.assertEqual(
            [
                "org.example:candle 1.3: EX-1 CVE-2031-0001: summary of EX-1; fixed in 1.3.1",
                "org.example:lamp 2.0-rc1: EX-2: summary of EX-2; no version is named in which it is fixed",
                "2 libraries, 2 advisories, 2 findings; the list's newest change is 19 days old.",
            ],
            out.splitlines())
        self.assertEqual("", err)

    def test_zip_isReadAsAFolderIs(self):
        with zipfile.ZipFile(self.folder / "all.zip", "w") as archive:
            archive.writestr("EX-1.json", json.dumps(advisory("EX-1", events=between("0", fixed="2"))))
        self.assertEqual(1, self.run_tool("all.zip")[0])

    def test_withdrawn_isNoFinding(self):
        self.write(advisory("EX-1", events=between("0"), withdrawn="2031-05-02T00:00:00Z"))
        self.assertEqual(0, self.run_tool()[0])

    def test_otherEcosystemsAndRanges_areNoFinding(self):
        other = advisory("EX-1", events=between("0"))
        other["affected"][0]["package"]["ecosystem"] = "PyPI"
        commits = advisory("EX-2", events=between("0"))
        commits["affected"][0]["ranges"][0]["type"] = "GIT"
        self.write(other, commits)
        self.assertEqual((0, "2 libraries, 1 advisories"), (self.run_tool()[0], self.run_tool()[1][:25]))

    def test_ecosystemWithRepository_counts(self):
        entry = advisory("EX-1", events=between("0"))
        entry["affected"][0]["package"]["ecosystem"] = "Maven:https://repo.example.org/"
        self.write(entry)
        self.assertEqual(1, self.run_tool()[0])

    def test_listOf31Days_endsWith3_andSaysWhereToGetAnother(self):
        self.write(advisory("EX-1", name="org.example:bell", events=between("0"), modified="2031-04-19T00:00:00Z"))
        code, _, err = self.run_tool()
        self.assertEqual(3, code)
        self.assertIn("at most 30 days old", err)
        self.assertIn(advisories.WHERE, err)

    def test_listOf30Days_isGoodEnough(self):
        self.write(advisory("EX-1", name="org.example:bell", events=between("0"), modified="2031-04-20T00:00:00Z"))
        self.assertEqual(0, self.run_tool()[0])

    def test_listFromTheFuture_endsWith3(self):
        self.write(advisory("EX-1", name="org.example:bell", events=between("0"), modified="2031-05-22T00:00:00Z"))
        self.assertEqual(3, self.run_tool()[0])

    def test_oldListWithAFinding_endsWith1_andStillSaysThatItIsOld(self):
        self.write(advisory("EX-1", events=between("0"), modified="2030-01-01T00:00:00Z"))
        code, _, err = self.run_tool()
        self.assertEqual(1, code)
        self.assertIn("at most 30 days old", err)

    def test_noList_endsWith3_andSaysWhereToGetIt(self):
        code, _, err = self.run_tool("nowhere.zip")
        self.assertEqual(3, code)
        self.assertIn(advisories.WHERE, err)

    def test_damagedLists_endWith3(self):
        (self.folder / "torn.zip").write_bytes(b"PK\x03\x04 torn")
        (self.folder / "empty").mkdir()
        for name, text in (("cut", '{"id": "EX-1"'), ("number", "7"), ("undated", json.dumps({**advisory("EX-1"), "modified": "soon"}))):
            (self.folder / name).mkdir()
            (self.folder / name / "EX-1.json").write_text(text)
        strange = advisory("EX-1", events=[{"introduced": "0"}, {"mended": "1"}])
        self.write(strange)
        for where in ("torn.zip", "empty", "cut", "number", "undated", "list"):
            with self.subTest(where=where):
                code, _, err = self.run_tool(where)
                self.assertEqual(3, code)
                self.assertIn("damaged", err)

    def test_noSbom_endsWith4(self):
        self.write(advisory("EX-1"))
        (self.folder / "sbom.json").write_text("{}")
        self.assertEqual(4, self.run_tool()[0])

    def test_controlCharacters_reachNoTerminal(self):
        self.write(advisory("EX-1\x1b[2J", events=between("0"), summary="red \x1b[31m and \u202e turned"))
        _, out, _ = self.run_tool()
        self.assertTrue(all(c.isprintable() or c == "\n" for c in out), out)


if __name__ == "__main__":
    unittest.main()
