/** Dockerfiles of a given length with a mix of what people write, some of it worth a warning. */

import { makeRandom } from './random.ts';

const MIX: readonly ((nth: number) => string)[] = [
  (nth) =>
    `RUN apt-get update && \\\n    apt-get install -y --no-install-recommends lib${nth} && \\\n    rm -rf /var/lib/apt/lists/*`,
  (nth) => `RUN for name in a b c; do echo "$name \${STEP:-${nth}}" | sort >> /var/log/step${nth}; done`,
  (nth) => `RUN <<END\nset -e\npip install package${nth}\nEND`,
  (nth) => `ENV NAME_${nth}=value${nth} QUOTED_${nth}="two words"`,
  (nth) => `ARG SETTING_${nth}=default`,
  (nth) => `COPY --chown=1000:1000 modules/m${nth} /opt/m${nth}/`,
  (nth) => `COPY --from=first /out/f${nth} /usr/local/bin/`,
  (nth) => `LABEL org.example.part${nth}="yes"`,
  (nth) => `EXPOSE ${2000 + (nth % 50_000)}/tcp`,
  (nth) => `RUN --mount=type=cache,target=/root/.cache make part${nth}`,
  (nth) => `WORKDIR /opt/work${nth}`,
  (nth) => `# part ${nth}`,
  (nth) => `run echo ${nth} | sudo tee /etc/part`,
  () => 'USER nobody',
  () => '',
];

/** Exactly `nLines` lines, the same for the same number. */
export function makeDockerfile(nLines: number): string {
  const random = makeRandom(nLines);
  const lines = ['FROM debian:12 AS first', 'WORKDIR /src', 'RUN make', 'FROM debian:12'];
  for (let nth = 0; lines.length < nLines - 1; nth += 1) {
    const made = (MIX[Math.floor(random() * MIX.length)]?.(nth) ?? '').split('\n');
    if (lines.length + made.length <= nLines - 1) lines.push(...made);
  }
  return `${[...lines, 'CMD ["serve"]'].join('\n')}\n`;
}
