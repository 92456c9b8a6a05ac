// Mocha reporter: mocha's own spec lines for failures and skips, a dot for the rest, and the counts as JSON for scripts/test.ts.
// A skipped test prints its name with the reason that its title or `this.skip()` caller gave through `test.skipReason`.
'use strict';

const { writeFileSync } = require('node:fs');
const Mocha = require('mocha');

module.exports = class NaruReporter extends Mocha.reporters.Base {
  constructor(runner, options) {
    super(runner, options);
    const counts = { passed: 0, failed: 0, skipped: 0 };
    let column = 0;
    const dot = (mark) => {
      process.stdout.write(mark);
      column += 1;
      if (column % 100 === 0) process.stdout.write('\n');
    };
    runner.on('pass', (test) => {
      counts.passed += 1;
      dot('.');
      if (test.duration > 5000) process.stdout.write(`\n  ${(test.duration / 1000).toFixed(1)} s ${test.fullTitle()}\n`);
    });
    runner.on('pending', (test) => {
      counts.skipped += 1;
      process.stdout.write(`\n  skipped: ${test.fullTitle()}${test.skipReason ? ` (${test.skipReason})` : ''}\n`);
    });
    runner.on('fail', (test, error) => {
      counts.failed += 1;
      process.stdout.write(`\n  FAILED: ${test.fullTitle()}\n    ${error.message}\n`);
    });
    runner.once('end', () => {
      process.stdout.write('\n');
      if (process.env.NARU_TEST_OUTPUT) writeFileSync(process.env.NARU_TEST_OUTPUT, JSON.stringify(counts));
      this.epilogue();
    });
  }
};
