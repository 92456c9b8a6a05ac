/**
 * `--chmod` of COPY and ADD: octal, or symbolic as in chmod(1) (`u=rw,go=r`, `a+X`).
 * Follows BuildKit (github.com/tonistiigi/dchapes-mode, umask 0): a clause without who means everybody.
 */

/** New permission bits (12 of them) for an entry that had `mode`. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

/** Undefined when the text is neither an octal number up to 7777 nor a symbolic mode. */
export function parseChmod(text: string): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    return bits <= 0o7777 ? () => bits : undefined;
  }
  const changes: ModeChange[] = [];
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/.exec(clause);
    if (match === null) return undefined;
    const who = match[1] === '' || match[1]?.includes('a') ? 'ugo' : (match[1] ?? '');
    for (const action of match[2]?.match(/[-+=][^-+=]*/g) ?? []) changes.push(actionOf(who, action));
  }
  return (mode, isDirectory) => changes.reduce((bits, change) => change(bits, isDirectory), mode & 0o7777);
}

function actionOf(who: string, action: string): ModeChange {
  const operator = action[0];
  const what = action.slice(1);
  return (mode, isDirectory) => {
    const bits = bitsOf(who, what, mode, isDirectory);
    if (operator === '+') return mode | bits;
    return operator === '-' ? mode & ~bits : (mode & ~maskOf(who)) | bits;
  };
}

const SHIFTS: ReadonlyMap<string, number> = new Map([
  ['u', 6],
  ['g', 3],
  ['o', 0],
]);

/** What `=` clears: the class's own bits with its set-id bit; the sticky bit when everybody is meant. */
function maskOf(who: string): number {
  let mask = who.length >= 3 ? 0o1000 : 0;
  if (who.includes('u')) mask |= 0o4700;
  if (who.includes('g')) mask |= 0o2070;
  if (who.includes('o')) mask |= 0o0007;
  return mask;
}

function bitsOf(who: string, what: string, mode: number, isDirectory: boolean): number {
  const copied = SHIFTS.get(what);
  let rwx = copied === undefined ? 0 : (mode >> copied) & 7;
  if (what.includes('r')) rwx |= 4;
  if (what.includes('w')) rwx |= 2;
  if (what.includes('x') || (what.includes('X') && (isDirectory || (mode & 0o111) !== 0))) rwx |= 1;
  let bits = what.includes('t') ? 0o1000 : 0;
  for (const one of who) bits |= rwx << (SHIFTS.get(one) ?? 0);
  if (what.includes('s')) bits |= (who.includes('u') ? 0o4000 : 0) | (who.includes('g') ? 0o2000 : 0);
  return bits;
}
