/** The user's agent as OpenSSH asks it: keys that the config names come first, and with IdentitiesOnly no others; servers count every key that is offered. */

import ssh2 from 'ssh2';
import type { IdentityCallback, ParsedKey, SignCallback, SigningRequestOptions } from 'ssh2';

export class ChosenAgent extends ssh2.BaseAgent<ParsedKey> {
  readonly #agent: ssh2.BaseAgent;
  readonly #named: readonly Buffer[];
  readonly #isNamedOnly: boolean;

  /** `named`: public keys in the wire format, in the order of the config. */
  constructor(socket: string, named: readonly Buffer[], isNamedOnly: boolean) {
    super();
    this.#agent = ssh2.createAgent(socket);
    this.#named = named;
    this.#isNamedOnly = isNamedOnly;
  }

  override getIdentities(callback: IdentityCallback<ParsedKey>): void {
    this.#agent.getIdentities((error, keys) => {
      if (error || keys === undefined) callback(error);
      // An agent of the library answers with parsed keys.
      else callback(null, this.#chosen(keys as ParsedKey[]));
    });
  }

  override sign(
    key: ParsedKey,
    data: Buffer,
    options: SigningRequestOptions | SignCallback,
    callback?: SignCallback,
  ): void {
    if (typeof options === 'function') this.#agent.sign(key, data, options);
    else this.#agent.sign(key, data, options, callback);
  }

  #chosen(keys: readonly ParsedKey[]): ParsedKey[] {
    const rank = (key: ParsedKey): number => {
      const blob = key.getPublicSSH();
      const at = this.#named.findIndex((one) => one.equals(blob));
      return at < 0 ? this.#named.length : at;
    };
    const chosen = this.#isNamedOnly ? keys.filter((key) => rank(key) < this.#named.length) : keys;
    return chosen.toSorted((a, b) => rank(a) - rank(b));
  }
}
