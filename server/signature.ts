/** The form of an instruction, as `InstructionSpec.syntax` writes it, cut into what the words of the instruction stand for. */

/** `[start, end)` in the form: a placeholder such as `<image>`, or a word such as `AS`. */
export type Parameter = readonly [start: number, end: number];

/** One word of the instruction. It may have several parts, each behind its sign: `<image>[:<tag>|@<digest>]`. */
interface Slot {
  readonly parts: readonly { readonly parameter: number; readonly sign: string }[];
  readonly isRepeated: boolean;
}

export interface Form {
  readonly label: string;
  readonly parameters: readonly Parameter[];
  /** Of a JSON array, one for each string. */
  readonly slots: readonly Slot[];
  /** By name, without dashes: the parameter that is the flag's value. */
  readonly flags: ReadonlyMap<string, number>;
  readonly isJson: boolean;
}

/** Where the cursor is among the words behind the keyword. */
export interface WordPlace {
  /** Words before it that are no flags; in a JSON array, strings. */
  readonly nWords: number;
  /** Of the word at the cursor, up to there. */
  readonly typed: string;
}

export function readForm(label: string): Form {
  const parameters: Parameter[] = [];
  const slots: Slot[] = [];
  const flags = new Map<string, number>();
  // The first word is the keyword.
  for (const { 0: word, index } of [...label.matchAll(/\S+/g)].slice(1)) {
    if (word === '[flags]') continue;
    const last = slots.at(-1);
    if (last !== undefined && word.startsWith('…')) {
      slots[slots.length - 1] = { ...last, isRepeated: true };
      continue;
    }
    const parts = [...word.matchAll(/<[^>]+>|^\[?[A-Za-z]+\]?$/g)].map((match) => {
      const name = match[0].replaceAll(/^\[|\]$/g, '');
      const start = index + word.indexOf(name, match.index);
      parameters.push([start, start + name.length]);
      const sign = /[:@=/-]$/.exec(word.slice(0, match.index))?.[0] ?? '';
      return { parameter: parameters.length - 1, sign };
    });
    const flag = /^\[--([a-z-]+)=/.exec(word)?.[1];
    if (flag !== undefined) flags.set(flag, parameters.length - 1);
    else if (parts.length > 0) slots.push({ parts, isRepeated: word.endsWith('…') });
  }
  return { label, parameters, slots, flags, isJson: label.includes('["<') };
}

/** The parameter that is written at a place; undefined where the form has no more. */
export function parameterAt({ flags, slots }: Form, { nWords, typed }: WordPlace): number | undefined {
  const flag = /^--([a-z-]*)/.exec(typed)?.[1];
  if (flag !== undefined) return flags.get(flag);
  const repeated = slots.findIndex(({ isRepeated }) => isRepeated);
  const slot = repeated >= 0 && nWords > repeated ? slots.at(-1) : slots[nWords];
  // The `:` of a registry's port is none of a tag.
  const written = typed.slice(typed.lastIndexOf('/') + 1);
  const sign = ({ sign }: { sign: string }): number => (sign === '/' ? typed : written).lastIndexOf(sign);
  const others = (slot?.parts ?? []).filter((part) => part.sign !== '' && sign(part) >= 0);
  const nearest = others.toSorted((a, b) => sign(b) - sign(a))[0];
  return (nearest ?? slot?.parts[0])?.parameter;
}
