/**
 * The value of `# check=`: `skip=…;error=…;experimental=…`.
 * Follows BuildKit's linter.ParseLintOptions; names are compared as they are written, and need not exist.
 */

import { goQuote } from './go-quote.ts';

export interface CheckOptions {
  readonly skip: ReadonlySet<string> | 'all';
  readonly experimental: ReadonlySet<string> | 'all';
  /** Findings make the build fail. */
  readonly isError: boolean;
}

export interface ReadCheckOptions {
  readonly options: CheckOptions;
  /** Why BuildKit refuses the text, in its words; the options are then none. */
  readonly fault?: string;
}

export const NO_CHECK_OPTIONS: CheckOptions = { skip: new Set(), experimental: new Set(), isError: false };

/** Reads at most three parts; what is behind a further `;` belongs to the third. */
export function readCheckOptions(text: string): ReadCheckOptions {
  const trimmed = text.trim();
  if (trimmed === '') return { options: NO_CHECK_OPTIONS };
  const [first = '', second, ...others] = trimmed.split(';');
  const parts = [first, second, others.length > 0 ? others.join(';') : undefined];
  let options = NO_CHECK_OPTIONS;
  for (const part of parts) {
    if (part === undefined) continue;
    const equals = part.indexOf('=');
    if (equals < 0) return refused(part);
    const key = part.slice(0, equals).trim();
    const value = part.slice(equals + 1).trim();
    if (key === 'skip') options = { ...options, skip: names(value) };
    else if (key === 'experimental') options = { ...options, experimental: names(value) };
    else if (key !== 'error') return refused(key);
    else if (isBoolean(value)) options = { ...options, isError: /^(?:1|t|true)$/i.test(value) };
    else return notBoolean(part, value);
  }
  return { options };
}

function refused(option: string): ReadCheckOptions {
  return { options: NO_CHECK_OPTIONS, fault: `invalid check option ${goQuote(option)}` };
}

function notBoolean(part: string, value: string): ReadCheckOptions {
  const cause = `strconv.ParseBool: parsing ${goQuote(value)}: invalid syntax`;
  return { options: NO_CHECK_OPTIONS, fault: `failed to parse check option ${goQuote(part)}: ${cause}` };
}

function names(value: string): ReadonlySet<string> | 'all' {
  return value === 'all' ? 'all' : new Set(value.split(',').map((name) => name.trim()));
}

/** What Go's strconv.ParseBool takes. */
function isBoolean(value: string): boolean {
  return /^(?:1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(value);
}
