/**
 * What BuildKit made of the cases of test/conformance, as far as a plan can say it without building: the image config, the files that land, what is refused and where.
 * The builds themselves are compared there; here the same answers judge the pure part, without root and in seconds.
 */

import assert from 'node:assert/strict';

import { selectionError } from '../../../core/context/selection.ts';
import { ACCEPTED } from '../../conformance/accepted.ts';
import { CASE_TABLES } from '../../conformance/cases/index.ts';
import type { BuiltOutcome, ConformanceCase, RefusedOutcome } from '../../conformance/conformance-case.ts';
import { readGoldens } from '../../conformance/goldens.ts';
import { comparableConfig } from '../../conformance/saved-image.ts';
import { comparable, landedTree } from './landed-tree.ts';
import { type PlannedCase, planCase } from './planned-case.ts';

/** Refusals that need a command's end, the files of a stage or image, a server, a registry, or the caller's secrets. */
const NOTICED_LATER =
  /did not complete successfully|^no image |not a directory$|^cannot copy to non-directory: \/[xd]$|^lstat \/nope|^invalid response status|^digest mismatch|^repository does not contain|^invalid subdir|^expected checksum|^secret \w+: not found|^unset ssh forward|^failed to stat|^lint violation found|file name too long$/;

/** Not the plan's: a wrong `.dockerignore` or flag is refused by whoever reads it, and two kinds of names do not show in an image's changes. */
const NOT_THE_PLANS: ReadonlySet<string> = new Set([
  'context: ignored: bad pattern',
  'ignored: bang alone',
  'stages: entitlement that is none',
  'placing: over etc files',
  'placing: file, then directory, onto a link to a directory',
  'names: whiteout as a name',
]);

/** Cases that another file or another program has no part in. */
function isPlannable({ context, stdin, args = [], files = {} }: ConformanceCase): boolean {
  const takesMore = ['-f', '--build-context', '--ssh'].some((flag) => args.includes(flag));
  return !takesMore && context === undefined && stdin === undefined && !('Dockerfile.dockerignore' in files);
}

describe('plans agree with what BuildKit built', () => {
  for (const [table, cases] of CASE_TABLES) {
    const goldens = readGoldens(table);
    for (const one of cases.filter(isPlannable)) {
      const title = `${table}: ${one.name}`;
      const outcome = goldens.get(one.name)?.outcome;
      // What is in the way is known when files are placed.
      if (table === 'placing' && outcome?.kind === 'refused') continue;
      if (outcome === undefined || ACCEPTED[title] !== undefined || NOT_THE_PLANS.has(title)) continue;
      if (outcome.kind === 'built') it(title, async () => checkBuilt(one, outcome));
      else it(title, async () => checkRefused(await planCase(one), outcome));
    }
  }
});

async function checkBuilt(one: ConformanceCase, { config, tree }: BuiltOutcome): Promise<void> {
  const planned = await planCase(one);
  assert.deepEqual(planned.errors, []);
  assert.deepEqual(comparableConfig({ ...planned.plan?.target.config.config }), config);
  const landings = landedTree(one, planned);
  if (landings === undefined) return;
  const last = new Map(
    landings.map((landing) => [
      landing.paths.find((path) => tree[path] !== undefined) ?? landing.paths.join(),
      landing,
    ]),
  );
  for (const [path, { description, kind }] of last) {
    // A directory that was there already is not among the changes.
    if (kind === 'dir' && tree[path] === undefined) continue;
    assert.equal(description, comparable(tree[path], description), path);
  }
  const unexplained = Object.keys(tree).filter(
    (path) => tree[path]?.startsWith('dir ') !== true && !last.has(path),
  );
  assert.deepEqual(unexplained, []);
}

function checkRefused(planned: PlannedCase, golden: RefusedOutcome): void {
  const refusal = refusalOf(planned);
  if (NOTICED_LATER.test(golden.message)) assert.equal(refusal, undefined);
  else
    assert.deepEqual(refusal, {
      line: golden.line === 0 ? refusal?.line : golden.line,
      message: golden.message,
    });
}

function refusalOf({ errors, plan, prepared, lineOf }: PlannedCase) {
  const [error] = errors;
  if (error !== undefined) {
    const meant = /^did you mean .*\?$/.exec(error.hint?.replace('--', '') ?? '')?.[0];
    const message = `${error.message}${meant === undefined ? '' : ` (${meant})`}`;
    return { line: lineOf(error.span.start), message: message.trim() };
  }
  for (const [at, { faults }] of prepared.entries()) {
    const [fault] = faults;
    if (fault !== undefined)
      return { line: plan?.vertices[at]?.line, message: selectionError(fault).message };
  }
  return undefined;
}
