/** Names of containers: which are allowed, and those the engine makes up. */

import { randomInt } from 'node:crypto';

import { NaruError } from '../../../core/errors.ts';

/** What a harbour can be like, and what is found in one. */
const ADJECTIVES =
  'ample brisk calm candid clear crisp deft eager early fair fleet fond gentle glad golden hardy humble idle jolly keen kind late light lively lucid mellow merry mild neat nimble patient plain prime proud quick quiet ready round sandy serene sharp silver sleek smooth snug solid spry steady still sturdy sunny swift tidal tidy trim upbeat vast warm wide windy wise witty young zesty';
const NOUNS =
  'anchor barge bay beacon berth bight boom bow bridge buoy cable canoe capstan cargo cleat clipper coral cove crane creek current cutter delta dinghy dock dory drift estuary ferry fjord flag galley gull harbour hatch haven heron hull inlet island jetty kayak keel kelp lagoon lantern lock marina mast mooring oar otter paddle pelican pier pilot plank port quay raft reed reef ripple river rope rudder sail schooner shoal shore skiff sloop sound spar strait tackle tern tide tiller towline trawler tug wake wave wharf winch';

/** `brisk_ferry`, with a digit when many are taken; free according to `isTaken`. */
export function makeName(isTaken: (name: string) => boolean): string {
  const adjectives = ADJECTIVES.split(' ');
  const nouns = NOUNS.split(' ');
  for (let attempt = 0; ; attempt += 1) {
    const base = `${pick(adjectives)}_${pick(nouns)}`;
    const name = attempt < 6 ? base : `${base}${randomInt(10 ** Math.min(attempt - 5, 9))}`;
    if (!isTaken(name)) return name;
  }
}

/** @throws NaruError "invalid-argument" in Docker's words */
export function checkName(name: string): string {
  if (/^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(name)) return name;
  const message = `Invalid container name (${name}), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed`;
  throw new NaruError('invalid-argument', 'E_CONTAINER_NAME', message);
}

function pick(words: readonly string[]): string {
  return words[randomInt(words.length)] ?? '';
}
