/** EXPOSE's `[[ip:]public:]private[-last][/protocol]` as docker/go-connections reads it (nat.ParsePortSpec), with its words. */

export type ExposedPorts =
  /** `port/protocol`, ascending. */
  { readonly ports: readonly string[] } | { readonly fault: string };

const PROTOCOLS: readonly string[] = ['tcp', 'udp', 'sctp'];

/** One word of EXPOSE, expanded. */
export function readExposedPorts(text: string): ExposedPorts {
  const slash = text.indexOf('/');
  const spec = slash < 0 ? text : text.slice(0, slash);
  const protocol = slash < 0 || slash === text.length - 1 ? 'tcp' : text.slice(slash + 1).toLowerCase();
  const parts = spec.split(':');
  const container = parts.pop() ?? '';
  const host = parts.pop() ?? '';
  if (container === '') return { fault: `no port specified: ${text}<empty>` };
  const range = portRange(container);
  if (range === undefined) return { fault: `invalid containerPort: ${container}` };
  const hostRange = host === '' ? range : portRange(host);
  if (hostRange === undefined) return { fault: `invalid hostPort: ${host}` };
  const isSameLength = hostRange.last - hostRange.first === range.last - range.first;
  // Docker: a range of the host may offer more ports to a single one.
  if (!isSameLength && range.first !== range.last) {
    return { fault: `invalid ranges specified for container and host Ports: ${container} and ${host}` };
  }
  if (!PROTOCOLS.includes(protocol)) {
    return { fault: `invalid port: ${JSON.stringify(text)}: invalid proto: ${protocol}` };
  }
  const length = range.last - range.first + 1;
  return { ports: Array.from({ length }, (_, at) => `${range.first + at}/${protocol}`) };
}

function portRange(text: string): { readonly first: number; readonly last: number } | undefined {
  const match = /^(\d+)(?:-(\d+))?$/.exec(text);
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first > last || last > 65535 ? undefined : { first, last };
}
