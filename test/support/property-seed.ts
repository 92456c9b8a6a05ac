/**
 * The seed of every property test: the same in each run of a commit, so that a red run is the commit's own.
 * NARU_TEST_SEED chooses another; the full run takes a new one each time and prints it.
 */

import fc from 'fast-check';

const FIXED_SEED = 20_261_121;

const given = process.env['NARU_TEST_SEED'];
const seed =
  given !== undefined && /^-?\d+$/.test(given)
    ? Number(given)
    : process.env['NARU_TEST_FULL'] === undefined
      ? FIXED_SEED
      : Date.now() % 2 ** 31;
if (seed !== FIXED_SEED) process.stdout.write(`property tests run with NARU_TEST_SEED=${seed}\n`);
fc.configureGlobal({ ...fc.readConfigureGlobal(), seed });
