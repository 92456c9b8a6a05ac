/** What the caller of a build gives to its RUN steps. */

export interface Ulimit {
  readonly name: string;
  readonly soft: number;
  readonly hard: number;
}

/** Value of `--add-host`. */
export interface ExtraHost {
  readonly name: string;
  readonly address: string;
}
