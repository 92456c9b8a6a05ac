/** Ends a command with an exit code and nothing more to say. */
export class ExitWith extends Error {
  readonly code: number;

  constructor(code: number) {
    super(`exit ${code}`);
    this.name = 'ExitWith';
    this.code = code;
  }
}
