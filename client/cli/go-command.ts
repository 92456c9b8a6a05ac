/** A commander command that takes boolean flags as Go's do: `--tty=false`, `--no-trunc=true`, `-i=1`. */

import { Command, type ParseOptionsResult } from 'commander';

/** What it makes is of its kind, too. */
export class GoCommand extends Command {
  #passesThrough = false;

  override createCommand(name?: string): GoCommand {
    return new GoCommand(name);
  }

  override passThroughOptions(passThrough = true): this {
    this.#passesThrough = passThrough;
    return super.passThroughOptions(passThrough);
  }

  override parseOptions(args: string[]): ParseOptionsResult {
    return super.parseOptions(this.#withoutValues(args));
  }

  /** `--tty=true` as `--tty`; `--tty=false` as its opposite where there is one, else as nothing. */
  #withoutValues(args: readonly string[]): string[] {
    const kept: string[] = [];
    for (let at = 0; at < args.length; at += 1) {
      const arg = args[at] ?? '';
      const isOperand = !arg.startsWith('-') || arg === '-';
      // What follows is not ours: it is a program's, or a verb's.
      const isLast = this.#passesThrough || this.commands.length > 0;
      if (arg === '--' || (isOperand && isLast)) return [...kept, ...args.slice(at)];
      const [, flag = arg, value] = /^(--[^=]+|-[^-])=(.*)$/s.exec(arg) ?? [];
      const option = this.#option(flag);
      if (option?.required === true && value === undefined) {
        kept.push(...args.slice(at, at + 2));
        at += 1;
        continue;
      }
      const isSet = option === undefined || option.required || option.optional ? undefined : goBoolean(value);
      if (isSet === undefined) kept.push(arg);
      else if (isSet) kept.push(flag);
      else kept.push(...this.#opposite(option?.long ?? flag));
    }
    return kept;
  }

  #option(flag: string): (typeof this.options)[number] | undefined {
    return this.options.find(({ long, short }) => long === flag || short === flag);
  }

  #opposite(flag: string): readonly string[] {
    const other = flag.startsWith('--no-') ? `--${flag.slice('--no-'.length)}` : `--no-${flag.slice(2)}`;
    return this.#option(other) === undefined ? [] : [other];
  }
}

/** As Go's strconv.ParseBool; undefined for what is none. */
function goBoolean(value: string | undefined): boolean | undefined {
  if (value === undefined) return undefined;
  if (/^(?:1|t|T|TRUE|true|True)$/.test(value)) return true;
  return /^(?:0|f|F|FALSE|false|False)$/.test(value) ? false : undefined;
}
