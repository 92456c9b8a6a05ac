/**
 * One case: a project and the words of the command line that builds it.
 * The same words are given to `docker buildx build` when the answer is recorded and to `naru build` when it is checked.
 */

export type CaseFile =
  | string
  | { readonly content?: string; readonly mode?: number; readonly linkTarget?: string }
  | { readonly base64: string; readonly mode?: number }
  /** Another name of a file above it in the table. */
  | { readonly hardLink: string };

/** By path relative to the context; `../name` lies beside it, a name with a slash at its end is a directory. */
export type CaseFiles = Readonly<Record<string, CaseFile>>;

export interface ConformanceCase {
  /** Unique in its table. */
  readonly name: string;
  /** Written to `Dockerfile` in the context. */
  readonly dockerfile: string;
  readonly files?: CaseFiles;
  /**
   * Between `build` and the context; `{origin}` and `{git}` are addresses of the test's own server (origin.ts), `{agent}` the socket of an SSH agent, `{cwd}` is the working directory.
   */
  readonly args?: readonly string[];
  /** Another context than `.`; addresses as in `args`. */
  readonly context?: string;
  /** File in the project that is given on stdin. */
  readonly stdin?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Which image store of dockerd answers: containerd's merges layers (`--link`) and reads image layouts, the other does neither. */
  readonly store?: 'containerd';
}

/** What came of a build: an image, or the words it was refused with. */
export type Outcome = BuiltOutcome | RefusedOutcome;

export interface BuiltOutcome {
  readonly kind: 'built';
  /** Fields of the image config that are not empty. */
  readonly config: Readonly<Record<string, unknown>>;
  /** What differs from the base image: an entry's description by path, `-` for one that is gone. */
  readonly tree: Readonly<Record<string, string>>;
}

export interface RefusedOutcome {
  readonly kind: 'refused';
  /** 1-based; 0 where no line is named. */
  readonly line: number;
  readonly message: string;
}
