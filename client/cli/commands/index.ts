/** Every verb of `naru`, in the order of `naru --help`. */

import type { Command } from 'commander';

import type { CliIo } from '../io.ts';
import { addEngineCommand } from './engine.ts';
import { addLintCommand } from './lint.ts';

/** Adds one verb to the program; what it throws, `main.ts` turns into an exit code. */
export type AddCommand = (program: Command, io: CliIo) => void;

export const COMMANDS: readonly AddCommand[] = [addLintCommand, addEngineCommand];
