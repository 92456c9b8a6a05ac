/** What a connection may have to ask a person. The editor shows dialogs, the CLI asks at the terminal, tests answer. */

export interface SshPrompts {
  /** An unknown host key: trust it and remember it? */
  readonly trustHostKey: (
    question: {
      readonly host: string;
      readonly port: number;
      readonly keyType: string;
      readonly fingerprint: string;
    },
    asking?: Asking,
  ) => Promise<boolean>;
  /** The passphrase of a private key file; undefined: skip this key. Never logged, never kept. */
  readonly passphrase: (keyFile: string, asking?: Asking) => Promise<string | undefined>;
  /** The password of a user; undefined: give up. Never logged, never kept. */
  readonly password: (user: string, host: string, asking?: Asking) => Promise<string | undefined>;
}

export interface Asking {
  /** The answer before this one was wrong. */
  readonly isAgain?: boolean | undefined;
  /** Withdraws the question: its answer is of no use any more. */
  readonly signal?: AbortSignal | undefined;
}

/** For programs without anybody to ask: trusts nothing new, knows no secret. */
export const SILENT_PROMPTS: SshPrompts = {
  trustHostKey: async () => false,
  passphrase: async () => undefined,
  password: async () => undefined,
};
