/**
 * All instructions, one line each.
 */

import { add } from './add.ts';
import { arg } from './arg.ts';
import { cmd } from './cmd.ts';
import { copy } from './copy.ts';
import { entrypoint } from './entrypoint.ts';
import { env } from './env.ts';
import { expose } from './expose.ts';
import { from } from './from.ts';
import { healthcheck } from './healthcheck.ts';
import { label } from './label.ts';
import { maintainer } from './maintainer.ts';
import { onbuild } from './onbuild.ts';
import { run } from './run.ts';
import { shell } from './shell.ts';
import type { InstructionSpec } from './spec.ts';
import { stopsignal } from './stopsignal.ts';
import { user } from './user.ts';
import { volume } from './volume.ts';
import { workdir } from './workdir.ts';

/** In alphabetical order. */
export const INSTRUCTIONS: readonly InstructionSpec[] = [
  add,
  arg,
  cmd,
  copy,
  entrypoint,
  env,
  expose,
  from,
  healthcheck,
  label,
  maintainer,
  onbuild,
  run,
  shell,
  stopsignal,
  user,
  volume,
  workdir,
];

const BY_NAME: ReadonlyMap<string, InstructionSpec> = new Map(INSTRUCTIONS.map((spec) => [spec.name, spec]));

/** The instruction a keyword names, in any case; undefined if there is none. */
export function instructionSpec(keyword: string): InstructionSpec | undefined {
  return BY_NAME.get(keyword.toUpperCase());
}
