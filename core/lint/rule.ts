/**
 * What a lint rule is. One file per rule in `rules/`, named by its id, one line in `rules/index.ts`.
 * Rules look at a read Dockerfile and report; they never throw and never read files: what they need to know of the world is in `LintContext`.
 */

import type { Dockerfile, Instruction, RunInstruction } from '../dockerfile/types.ts';
import type { Span } from '../source.ts';
import type { InstructionNamed, Placed } from './placed.ts';
import type { ScriptReader } from './shell/parsed-script.ts';
import type { ShellScript } from './shell/script.ts';
import type { Severity } from './severity.ts';
import type { ShellcheckComment, ShellcheckQuestion } from './shellcheck/question.ts';

/** Whose rule it is: hadolint's (DL…), BuildKit's checks (StageNameCasing …), ours (NR…), ShellCheck's (SC…). */
export type RuleFamily = 'hadolint' | 'buildkit' | 'naru' | 'shellcheck';

/** Replacements in the source text, in file order, not overlapping. */
export interface Fix {
  /** What the editor shows: `Use apt-get`. */
  readonly title: string;
  readonly edits: readonly { readonly span: Span; readonly text: string }[];
  /** The fix changes what is built, not only how it is written; what it changes is for the rule's `why` to say. */
  readonly changesPlan?: true;
  /** It may not be what was meant, or the build may fail with it: the editor offers it, and `--fix` leaves it to `--fix-all`. */
  readonly needsReview?: true;
}

export interface Report {
  /** The exact words at fault. */
  readonly span: Span;
  /** Absent: the rule's own message. */
  readonly message?: string;
  /** The 0-based line that the rule's own tool reports, where it differs from the line of `span`. */
  readonly toolLine?: number;
  readonly fix?: Fix;
  /** The instruction whose comments may silence it, where that is not the one `span` lies in. */
  readonly silencedAt?: Instruction;
  /**
   * `tool`: what the rule's own tool says and what need not be so, for example when the base image sets the variable; `naru` keeps quiet.
   * `naru`: what the tool does not see.
   */
  readonly only?: 'tool' | 'naru';
}

export interface LintContext {
  readonly dockerfile: Dockerfile;
  readonly options: LintOptions;
  /** Of every rule there is. */
  readonly ruleIds: ReadonlySet<string>;
  /** What hadolint does not tell apart is not told apart. */
  readonly followsHadolint: boolean;
  /** The parsed shell text of a RUN (or of an ONBUILD RUN), made once and kept. Exec form answers the words joined. */
  readonly shellOf: (instruction: RunInstruction) => ShellScript;
  /** Every instruction with the stage it stands in, ONBUILD not unwrapped. */
  readonly placed: readonly Placed[];
  /** Those of these names, in file order. */
  readonly instructions: <Name extends Instruction['name']>(
    ...names: readonly Name[]
  ) => readonly Placed<InstructionNamed<Name>>[];
  /** What `make` answers for this file: found out when it is first asked for, and kept. */
  readonly once: <Result>(make: (context: LintContext) => Result) => Result;
}

export interface LintOptions {
  readonly trustedRegistries: readonly string[];
  /** Label name -> what its value must be. */
  readonly labelSchema: ReadonlyMap<string, LabelType>;
  readonly strictLabels: boolean;
  /** Ids of rules that do not run. */
  readonly ignored?: ReadonlySet<string>;
  /** Severities chosen by the user, by rule id; a rule that is off runs when it has one. */
  readonly severities?: ReadonlyMap<string, Severity>;
  /** Comments that silence hadolint's rules have no effect. */
  readonly ignoresPragmas?: boolean;
  /** Content of the .dockerignore that the build would use; undefined when unknown or absent. */
  readonly dockerignore?: string;
  /** What the build names its contexts (`--build-context`), by `contextName`, with their values. */
  readonly namedContexts?: ReadonlyMap<string, string>;
  /** What is known of the base images, by the name FROM gives them after expansion. */
  readonly baseImages?: ReadonlyMap<string, BaseImage>;
  /** Reads the scripts of RUN: who lints a file again and again remembers those that were read (`shell/remembered.ts`). */
  readonly readScript?: ScriptReader;
  /** What ShellCheck says of one of `checkedScripts`, undefined where that is not known; absent when nobody asks it. */
  readonly shellcheck?: (question: ShellcheckQuestion) => readonly ShellcheckComment[] | undefined;
}

export interface BaseImage {
  readonly variables: ReadonlyMap<string, string>;
  /** `os/architecture[/variant]`. */
  readonly platform?: string;
}

export type LabelType = 'text' | 'url' | 'rfc3339' | 'spdx' | 'hash' | 'semver' | 'email';

export interface Rule {
  readonly id: string;
  readonly family: RuleFamily;
  /** 'off': runs only when asked for by its id. */
  readonly severity: Severity | 'off';
  /** Under `naru`, where it differs: there, error is for what no builder accepts. */
  readonly naruSeverity?: Severity;
  /** One sentence, shown with a finding unless the report has its own. */
  readonly message: string;
  /** Why it matters and what to do instead, for docs and hovers. */
  readonly why: string;
  readonly examples: { readonly bad: readonly string[]; readonly good: readonly string[] };
  /** BuildKit refuses what it finds, so that `buildkit` tells it as well. */
  readonly isRefusal?: true;
  /** Keys of the configuration without which it has nothing to go by. */
  readonly configuredBy?: readonly string[];
  /** Ids of other families' rules that report the same problem. Where both report, `naru` keeps the more precise one and ignoring any id silences it. */
  readonly aliases?: readonly string[];
  /** A rule that sees every case this one sees, and says it better: `naru` runs that one only. It names this id among its aliases. */
  readonly supersededBy?: string;
  /**
   * BuildKit's experimental checks run when `# check=experimental=` names them.
   * `buildkit-only`: it is one for Docker 28.5.2 (measured), and for us a rule like others.
   */
  readonly experimental?: 'everywhere' | 'buildkit-only';
  readonly check: (context: LintContext, report: (found: Report) => void) => void;
}

export interface Finding {
  readonly ruleId: string;
  readonly family: RuleFamily;
  /** Other ids of the same problem. */
  readonly aliases: readonly string[];
  readonly severity: Severity;
  readonly message: string;
  readonly span: Span;
  /** 0-based. */
  readonly line: number;
  readonly fix?: Fix;
}
