/** Questions about a command's flags and arguments. */

import type { ShellCommand, ShellScript, ShellWord } from './script.ts';

/** True if the command is called `name` and one of `words` stands among its arguments. */
export function isCall(command: ShellCommand, name: string, words: readonly string[]): boolean {
  return command.name.value === name && hasArgument(command, words);
}

export function hasArgument({ args }: ShellCommand, words: readonly string[]): boolean {
  return args.some(({ value }) => words.includes(value));
}

/** The argument as it stands in the command, for positions. */
export function argumentOf({ args }: ShellCommand, words: readonly string[]): ShellWord | undefined {
  return args.find(({ value }) => words.includes(value));
}

/** The arguments as the program gets them, as far as they are known. */
export function wordsOf({ args }: ShellCommand): readonly string[] {
  return args.map(({ value }) => value);
}

/** The first argument that is no flag: `install` of `apt-get -y install`. */
export function subcommand({ args }: ShellCommand): string | undefined {
  return args.find(({ value }) => !value.startsWith('-'))?.value;
}

export function hasFlag({ flags }: ShellCommand, names: readonly string[]): boolean {
  return flags.some(({ name }) => names.includes(name));
}

export function countFlag({ flags }: ShellCommand, wanted: string): number {
  return flags.filter(({ name }) => name === wanted).length;
}

/** Arguments that are neither flags nor, for the flags in `valued`, the word behind a flag without `=`. */
export function plainArguments(command: ShellCommand, valued: readonly string[] = []): readonly ShellWord[] {
  const { args, flags } = command;
  if (flags.length === 0) return args;
  const dropped = new Set(flags.map(({ argIndex }) => argIndex));
  for (const { name, argIndex } of flags) {
    const word = args[argIndex]?.value ?? '';
    // Long ones may have one hyphen (go).
    const isValued = valued.includes(name) || valued.includes(word.replace(/^-/, ''));
    if (isValued && !word.includes('=')) dropped.add(argIndex + 1);
  }
  return args.filter((_, index) => !dropped.has(index));
}

/** The words behind a flag. */
export function flagValues({ args, flags }: ShellCommand, wanted: string): readonly ShellWord[] {
  return flags.filter(({ name }) => name === wanted).flatMap(({ argIndex }) => args[argIndex + 1] ?? []);
}

/** True if the arguments hold these words one after the other. */
export function hasSequence({ args }: ShellCommand, words: readonly string[]): boolean {
  return args.some((_, at) => words.every((word, index) => args[at + index]?.value === word));
}

/** True if the first command that `isLater` knows stands behind the first one that `isEarlier` knows. */
export function comesBefore(
  { commands }: ShellScript,
  isEarlier: (command: ShellCommand) => boolean,
  isLater: (command: ShellCommand) => boolean,
): boolean {
  const earlier = commands.findIndex(isEarlier);
  return earlier >= 0 && earlier < commands.findIndex(isLater);
}
