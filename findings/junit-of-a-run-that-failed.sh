#!/usr/bin/env bash
# A test run fails outside of its tests, and four runners report it in four ways:
# as passed, under an element <undefined>, with -1 tests skipped, or as a failure
# that the totals do not count.
#
# Versions: node:test of Node 20.20, vitest 4.1.12, mocha 12.0.3, jest 30.5.2 with
# jest-junit 17.0.0 (npm), junitparser 5.0.3 (PyPI).
#
# Behaviour, of a test that passes and something beside it that throws. Each runner
# ends with 1.
# - Node, `after` of a describe: the report has one test, no failure and no error;
# - Node, `after` of a file: the failure is there, in an element that is called
#   <undefined> and is none of JUnit's. junitparser does not see it;
# - vitest, an error after its test has ended: as Node's first;
# - mocha's xunit, `after`: two <testcase>, of which one failed; tests="1" and
#   skipped="-1": it counts as skipped what is left of the tests without those that
#   passed and those that failed;
# - jest-junit, `afterAll`: two <testcase>, of which one failed; tests="1" and
#   failures="0".
#
# Expected: Node's documentation, "Test reporters": junit "outputs test results in a
# jUnit XML format"; that it ends with 1 says that there was a failure. There is no
# standard, but the schemas that are in use (Ant's, that of Jenkins' xUnit plugin)
# have no <undefined>, and in Ant's `failures` is "the total number of tests in the
# suite that failed".
#
# Why it matters here: a report is evidence for a promotion. The runner's exit code
# has to go with it, for some reports of a failed run hold nothing of it; and without
# that code neither the totals nor the list of tests is to be trusted alone.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"

python3 -m venv venv
venv/bin/pip install -q junitparser==5.0.3
npm install --silent --ignore-scripts --no-audit --no-fund \
    vitest@4.1.12 mocha@12.0.3 jest@30.5.2 jest-junit@17.0.0 >npm.log

cat >suite.mjs <<'EOF'
import { after, describe, test } from "node:test";
describe("tax", () => { after(() => { throw new Error("database is gone"); }); test("adds", () => {}); });
EOF
cat >file.mjs <<'EOF'
import { after, test } from "node:test";
after(() => { throw new Error("database is gone"); });
test("adds", () => {});
EOF
cat >late.spec.mjs <<'EOF'
import { test } from "vitest";
test("adds", () => { setTimeout(() => { throw new Error("database is gone"); }); });
test("waits", () => new Promise((resolve) => setTimeout(resolve, 50)));
EOF
cat >mocha.cjs <<'EOF'
describe("tax", () => { after(() => { throw new Error("database is gone"); }); it("adds", () => {}); });
EOF
cat >jest.cjs <<'EOF'
describe("tax", () => { afterAll(() => { throw new Error("database is gone"); }); it("adds", () => {}); });
EOF
cat >look.py <<'EOF'
import sys
from xml.etree import ElementTree
from junitparser import JUnitXml, TestSuite
name, code, file = sys.argv[1:]
report = ElementTree.parse(file).getroot()
for suite in report.iter("testsuite"):
    print(f"{name}: says", *(f"{key}={suite.get(key)}" for key in ("tests", "failures", "errors", "skipped")))
print(f"{name}: ends with {code}, holds", *(f"{len(list(report.iter(tag)))} {tag}"
      for tag in ("testcase", "failure", "undefined") if report.find(f".//{tag}") is not None))
read = JUnitXml.fromfile(file)
suites = [read] if isinstance(read, TestSuite) else read
print(f"{name}: junitparser sees", sum(case.is_failure for suite in suites for case in suite), "that failed")
EOF

# look NAME COMMAND…: runs it, then reads report.xml.
look() {
    local name=$1 code=0
    shift
    "$@" >"$name.log" 2>&1 || code=$?
    [ -e report.xml ] || cp "$name.log" report.xml
    venv/bin/python look.py "$name" "$code" report.xml
    rm report.xml
}
{
    look node-suite node --test --test-reporter=junit suite.mjs
    look node-file node --test --test-reporter=junit file.mjs
    look vitest npx vitest run --reporter=junit --outputFile=report.xml late.spec.mjs
    look mocha npx mocha --reporter xunit --reporter-option output=report.xml mocha.cjs
    JEST_JUNIT_OUTPUT_NAME=report.xml look jest-junit npx jest --rootDir=. --testMatch='**/jest.cjs' --reporters=jest-junit
} >seen

diff - seen <<'EOF'
node-suite: says tests=1 failures=0 errors=0 skipped=0
node-suite: ends with 1, holds 1 testcase
node-suite: junitparser sees 0 that failed
node-file: ends with 1, holds 2 testcase 1 failure 1 undefined
node-file: junitparser sees 0 that failed
vitest: says tests=2 failures=0 errors=0 skipped=0
vitest: ends with 1, holds 2 testcase
vitest: junitparser sees 0 that failed
mocha: says tests=1 failures=0 errors=1 skipped=-1
mocha: ends with 1, holds 2 testcase 1 failure
mocha: junitparser sees 1 that failed
jest-junit: says tests=1 failures=0 errors=0 skipped=0
jest-junit: ends with 1, holds 2 testcase 1 failure
jest-junit: junitparser sees 1 that failed
EOF
echo "as described"
