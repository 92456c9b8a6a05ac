/** The page docs/engine-api.md: which endpoints of Docker's API the engine has, written from the endpoints themselves. */

import type { Endpoint } from './endpoint.ts';

const HEAD = `# Engine API

Endpoints of the Docker Engine API (1.24 to 1.47) that Naru's engine answers, and Naru's own under \`/naru/\`.
Written by \`NARU_UPDATE_DOCS=1 npm run tidy\` from \`runtime/api\`; a test fails when it is out of date.
`;

const LACKING = `
## Not there

These answer with a sentence that says what is missing: 501, or 503 for everything that needs a swarm.
`;

/** The whole page; endpoints in the order given. */
export function coveragePage(there: readonly Endpoint[], lacking: readonly Endpoint[]): string {
  const names = new Set(there.map(resourceOf));
  const chapters = [...names].toSorted().map((name) => {
    const endpoints = there.filter((endpoint) => resourceOf(endpoint) === name);
    return `\n## ${name}\n\n${rows(endpoints)}`;
  });
  return `${HEAD}${chapters.join('')}${LACKING}\n${rows(lacking)}`;
}

function resourceOf({ path }: Endpoint): string {
  return path.split('/')[1] ?? '';
}

function rows(endpoints: readonly Endpoint[]): string {
  return endpoints
    .map(
      ({ method, path, since }) =>
        `- \`${method} ${path}\`${since === undefined ? '' : ` (since 1.${since})`}\n`,
    )
    .join('');
}
