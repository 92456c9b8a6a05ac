/** Preview beside build beside what a right builder must do. */

interface PreviewStep {
  readonly stage: string | number;
  readonly line: number;
  readonly instruction: string;
  readonly state: string;
}

interface Comparison {
  /** One sentence each; empty when all three agree. */
  readonly differences: readonly string[];
  /** Steps that cost something: CACHED or run. */
  readonly nSteps: number;
  readonly nRun: number;
}

const RAN = new Set(['RUN', 'RELINK']);

/** `previewJson`: one object (`naru preview --json`); `buildJson`: one object per line (`naru build --progress json`); `mustRun`: `stage:INSTRUCTION …`. */
export function compare(previewJson: string, buildJson: string, mustRun: readonly string[]): Comparison {
  const { steps } = JSON.parse(previewJson) as { steps: PreviewStep[] }; // design: JSON shape of `naru preview`
  const built = buildJson
    .split('\n')
    .filter((line) => line.startsWith('{'))
    .map((line) => JSON.parse(line) as PreviewStep & { type: string }) // design: JSON shape of `naru build`
    .filter((event) => event.type === 'step');
  const differences: string[] = [];
  for (const step of steps) {
    const real = built.find((event) => isSame(event, step));
    const said = `${step.stage}:${step.line} ${step.instruction}`;
    if (!real) {
      if (step.state !== 'SKIPPED')
        differences.push(`${said}: preview ${step.state}, build did not report it`);
    } else if (!agrees(step.state, real.state)) {
      differences.push(`${said}: preview ${step.state}, build ${real.state}`);
    }
  }
  for (const event of built) {
    if (!steps.some((step) => isSame(event, step)))
      differences.push(`${event.stage}:${event.line} ${event.instruction}: built, but not in the preview`);
  }
  const ran = built.filter(({ state }) => RAN.has(state)).map(nameOf);
  for (const name of ran)
    if (!mustRun.includes(name)) differences.push(`${name}: ran, but should have been CACHED`);
  for (const name of mustRun)
    if (!ran.includes(name)) differences.push(`${name}: should have run, but did not`);
  return {
    differences,
    nSteps: built.filter(({ state }) => state === 'CACHED' || RAN.has(state)).length,
    nRun: ran.length,
  };
}

function isSame(a: PreviewStep, b: PreviewStep): boolean {
  return a.stage === b.stage && a.line === b.line && a.instruction === b.instruction;
}

function nameOf(step: PreviewStep): string {
  const stage =
    typeof step.stage === 'number' || /^\d+$/.test(step.stage) ? `stage-${step.stage}` : step.stage;
  return `${stage}:${step.instruction}`;
}

/** DEPENDS says: a hit if the re-run stage yields the same files, so either outcome is what was said. */
function agrees(preview: string, build: string): boolean {
  if (preview === 'DEPENDS') return build === 'CACHED' || build === 'RUN';
  if (preview.startsWith('RUN') || preview === 'ALWAYS') return build === 'RUN';
  if (preview === 'CACHED?') return build === 'CACHED';
  return preview === build;
}
