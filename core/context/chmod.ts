/**
 * `--chmod` of COPY and ADD: octal, or symbolic as in chmod(1) (`u=rw,go=r`, `a+X`).
 * Follows BuildKit (github.com/tonistiigi/dchapes-mode, a setmode(3) of BSD, umask 0), measured with 28.5.2: `=` leaves the sticky bit unless `t` is named, copied classes keep set-id bits.
 */

/** New permission bits (12 of them) for an entry that had `mode`. */
export type ModeChange = (mode: number, isDirectory: boolean) => number;

/** Undefined when the text is neither an octal number up to 7777 nor a symbolic mode. */
export function parseChmod(text: string): ModeChange | undefined {
  if (/^[0-7]+$/.test(text)) {
    const bits = Number.parseInt(text, 8);
    return bits <= 0o7777 ? () => bits : undefined;
  }
  const edits: Edit[] = [];
  for (const clause of text.split(',')) {
    const match = /^([ugoa]*)((?:[-+=][rwxXstugo]*)+)$/.exec(clause);
    if (match === null) return undefined;
    const [, who = '', actions = ''] = match;
    for (const action of actions.match(/[-+=][^-+=]*/g) ?? []) edits.push(...editsOf(who, action));
  }
  return (mode, isDirectory) => {
    const original = mode & 0o7777;
    const isExecutable = isDirectory || (original & 0o111) !== 0;
    return edits.reduce((bits, edit) => edit(bits, isExecutable), original);
  };
}

/** What is wrong with a text that `parseChmod` does not read, in BuildKit's words. */
export function chmodFault(text: string): string | undefined {
  if (parseChmod(text) !== undefined) return undefined;
  return /^\d/.test(text)
    ? `invalid chmod parameter: '${text}'. it should be octal string and between 0 and 07777`
    : 'invalid syntax';
}

/** `isExecutable`: the entry is a directory, or somebody could execute it before all edits. */
type Edit = (mode: number, isExecutable: boolean) => number;

const CLASSES: ReadonlyMap<string, { readonly shift: number; readonly mask: number }> = new Map([
  ['u', { shift: 6, mask: 0o4700 }],
  ['g', { shift: 3, mask: 0o2070 }],
  ['o', { shift: 0, mask: 0o0007 }],
]);
const EVERYBODY = 0o6777;
const STICKY = 0o1000;
const PERMISSIONS: ReadonlyMap<string, number> = new Map([
  ['r', 0o444],
  ['w', 0o222],
  ['x', 0o111],
  ['s', 0o6000],
]);

/** `who` is empty for a clause that names nobody: `t` then makes it one about the sticky bit alone. */
function editsOf(who: string, action: string): readonly Edit[] {
  const operator = action.charAt(0);
  const named = Array.from(who, (one) => CLASSES.get(one)?.mask ?? EVERYBODY).reduce((a, b) => a | b, 0);
  const isOtherOnly = named === 0o0007;
  const edits: Edit[] = [];
  let mask = named;
  let pending: number | undefined = operator === '=' ? 0 : undefined;
  let executes = false;

  function flush(): void {
    if (pending !== undefined) edits.push(setEdit(operator, mask, pending));
    if (executes) edits.push(executeEdit(operator, mask));
    pending = undefined;
    executes = false;
  }
  for (const letter of action.slice(1)) {
    const copied = CLASSES.get(letter);
    if (copied !== undefined) {
      if (pending === 0) pending = undefined;
      flush();
      edits.push(copyEdit(operator, mask, copied.shift));
    } else if (letter === 'X') {
      executes = true;
    } else if (letter === 't') {
      if (isOtherOnly) continue;
      mask |= STICKY;
      pending = (pending ?? 0) | STICKY;
    } else if (letter !== 's' || !isOtherOnly) {
      pending = (pending ?? 0) | (PERMISSIONS.get(letter) ?? 0);
    }
  }
  flush();
  return edits;
}

function setEdit(operator: string, mask: number, permissions: number): Edit {
  const bits = mask === 0 ? permissions : permissions & mask;
  if (operator === '+') return (mode) => mode | bits;
  if (operator === '-') return (mode) => mode & ~bits;
  return (mode) => (mode & ~(mask === 0 ? EVERYBODY : mask)) | bits;
}

function executeEdit(operator: string, mask: number): Edit {
  const edit = setEdit(operator === '-' ? '-' : '+', mask, 0o111);
  return (mode, isExecutable) => (isExecutable ? edit(mode, isExecutable) : mode);
}

/** `g=u`: the permissions of one class for others; set-id bits stay. */
function copyEdit(operator: string, mask: number, from: number): Edit {
  const targets = Array.from(CLASSES.values()).filter((one) => mask === 0 || (mask & one.mask & 0o777) !== 0);
  return (mode) => {
    const value = (mode >> from) & 7;
    let result = mode;
    for (const { shift } of targets) {
      if (operator === '-') result &= ~(value << shift);
      else if (operator === '+') result |= value << shift;
      else result = (result & ~(7 << shift)) | (value << shift);
    }
    return result;
  };
}
