/** Credentials as the Engine API takes them in headers: JSON in base64url (`X-Registry-Auth`, `X-Registry-Config`). */

export type RegistryAuth =
  | {
      readonly kind: 'password';
      readonly registry: string;
      readonly username: string;
      readonly password: string;
    }
  | { readonly kind: 'token'; readonly registry: string; readonly identityToken: string };

/** For pull, push and search of one registry. */
export function authHeader(auth: RegistryAuth | undefined): Readonly<Record<string, string>> {
  return auth === undefined ? {} : { 'x-registry-auth': encode(authBody(auth)) };
}

/** For builds, which may need several registries. */
export function authConfigHeader(auths: readonly RegistryAuth[]): Readonly<Record<string, string>> {
  if (auths.length === 0) return {};
  const config = Object.fromEntries(auths.map((auth) => [auth.registry, authBody(auth)]));
  return { 'x-registry-config': encode(config) };
}

function authBody(auth: RegistryAuth): Readonly<Record<string, string>> {
  if (auth.kind === 'token') return { serveraddress: auth.registry, identitytoken: auth.identityToken };
  return { serveraddress: auth.registry, username: auth.username, password: auth.password };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
