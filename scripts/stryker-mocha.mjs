/**
 * Runs our mocha tests for Stryker: all test files are loaded once, then a mutant is switched on and the tests that reach it run, in one process.
 * It is ours because @stryker-mutator/mocha-runner reaches into files that mocha 12 no longer has.
 * It cannot load the tests anew, so mutants of code that runs at load time cannot be judged (`ignoreStatic`).
 * Only Stryker's clock ends a test: a machine that is busy must not count as a mutant that was noticed.
 *
 * @see https://stryker-mutator.io/docs/stryker-js/api/
 */

import { appendFileSync, globSync, writeFileSync } from 'node:fs';
import { relative } from 'node:path';

import { commonTokens, declareFactoryPlugin, PluginKind } from '@stryker-mutator/api/plugin';
import {
  determineHitLimitReached,
  DryRunStatus,
  TestStatus,
  toMutantRunResult,
} from '@stryker-mutator/api/test-runner';
import fc from 'fast-check';
import Mocha from 'mocha';

import '../test/support/property-seed.ts';

/** Instrumented code is slower; tests that promise a time in their title say nothing here. */
const NO_TIMING = /^(?!.* ms\b)/;

/** Stryker lets a mutant be met a hundred times as often as in the dry run of all tests. Ten times is endless as well, and loops that fill the memory come to an end. */
const LENIENCE = 10;

/** What Stryker looks for in a plugin file. */
export const strykerPlugins = [
  declareFactoryPlugin(
    PluginKind.TestRunner,
    'naru-mocha',
    Object.assign(createRunner, { inject: [commonTokens.options] }),
  ),
  declareFactoryPlugin(
    PluginKind.Reporter,
    'naru-survivors',
    Object.assign(createReporter, { inject: [commonTokens.options] }),
  ),
];

/** Writes each survivor into the file `survivorsFile` of the options when it is known: Stryker's own reports come at the end alone. */
function createReporter(options) {
  const path = options['survivorsFile'];
  writeFileSync(path, '');
  return {
    onMutantTested({ status, fileName, location, replacement }) {
      if (status !== 'Survived' && status !== 'NoCoverage') return;
      const { line, column } = location.start;
      appendFileSync(
        path,
        `${relative('.', fileName)}:${line}:${column} ${status} ${JSON.stringify(replacement)}\n`,
      );
    },
  };
}

/** `mochaFiles` in the options are glob patterns of test files, relative to the sandbox. */
function createRunner(options) {
  // Stryker hands options it does not know through as they are; stryker.config.json writes this one.
  const patterns = options['mochaFiles'];
  const context = mutantContext();
  const mocha = new Mocha({ bail: true, timeout: 0 });
  mocha.cleanReferencesAfterRun(false);
  mocha.rootHooks({
    beforeEach() {
      context.currentTestId = this.currentTest?.fullTitle();
    },
  });
  return {
    // It does not; but "no" would have Stryker start a new process for each mutant that runs both at load time and in tests.
    capabilities: () => ({ reloadEnvironment: true }),
    async init() {
      fc.configureGlobal({ ...fc.readConfigureGlobal(), endOnFailure: true }); // the smallest failing case is of no interest
      for (const file of globSync([...patterns]).toSorted()) mocha.addFile(file);
      await mocha.loadFilesAsync();
    },
    async dryRun() {
      const result = await run(mocha, undefined);
      cheapestFirst(mocha.suite);
      return context.mutantCoverage === undefined
        ? result
        : { ...result, mutantCoverage: context.mutantCoverage };
    },
    async mutantRun({ activeMutant, testFilter, hitLimit }) {
      context.activeMutant = activeMutant.id;
      context.hitCount = hitLimit === undefined ? undefined : 0;
      context.hitLimit = hitLimit === undefined ? undefined : hitLimit / LENIENCE;
      const result = await run(mocha, testsOf(activeMutant.fileName, testFilter));
      return toMutantRunResult(determineHitLimitReached(context.hitCount, context.hitLimit) ?? result);
    },
  };
}

/** The object through which instrumented code learns which mutant is on, and tells which mutants it met. */
function mutantContext() {
  const holder = globalThis;
  holder.__stryker__ ??= {};
  return holder.__stryker__;
}

/** Runs the tests with these full titles, or all but those that measure time; stops at the first that fails. */
async function run(mocha, titles) {
  const tests = [];
  mocha.grep(titles === undefined ? NO_TIMING : new OneOf(titles));
  mocha.reporter(
    // A reporter is made with `new`; this one only listens.
    class {
      constructor(runner) {
        runner.on('pass', (test) => tests.push({ ...told(test), status: TestStatus.Success }));
        runner.on('pending', (test) => tests.push({ ...told(test), status: TestStatus.Skipped }));
        runner.on('fail', (test, error) =>
          tests.push({ ...told(test), status: TestStatus.Failed, failureMessage: String(error) }),
        );
      }
    },
  );
  await new Promise((resolve) => {
    mocha.run(() => {
      resolve();
    });
  });
  return { status: DryRunStatus.Complete, tests };
}

/**
 * Lint runs every rule on every text, so that all its tests reach a rule; those that are about the rule say so in their titles.
 * To leave the others out can only make the score worse.
 */
function testsOf(file, titles) {
  const id = /core\/lint\/rules\/(\w+)\.ts$/.exec(file)?.[1];
  if (id === undefined) return titles;
  const own = titles?.filter((title) => new RegExp(`\\b${id}\\b`).test(title)) ?? [];
  return own.length === 0 ? titles : own;
}

/** A mutant dies by the first test that fails, so those that answer soonest are asked first. */
function cheapestFirst(suite) {
  suite.tests.sort((a, b) => (a.duration ?? 0) - (b.duration ?? 0));
  for (const inner of suite.suites) cheapestFirst(inner);
  suite.suites.sort((a, b) => slowest(a) - slowest(b));
}

function slowest(suite) {
  return Math.max(0, ...suite.tests.map(({ duration = 0 }) => duration), ...suite.suites.map(slowest));
}

function told(test) {
  return { id: test.fullTitle(), name: test.fullTitle(), timeSpentMs: test.duration ?? 0 };
}

/** A pattern that matches these texts and nothing else; thousands of alternatives would be slow as a pattern. */
class OneOf extends RegExp {
  #texts;

  constructor(texts) {
    super('');
    this.#texts = new Set(texts);
  }

  test(text) {
    return this.#texts.has(text);
  }
}
