/** Build events as the classic builder's text stream: `Step 1/4 : …`, ` ---> Using cache`, the commands' output, `Successfully built …`. */

import { CHECK_WARNING } from '../../../core/protocol/build.ts';
import type { BuildNews } from '../../build/builder.ts';
import type { SendProgress } from '../progress.ts';

export interface ClassicOutputOptions {
  /** Known once the plan is. */
  readonly nSteps: number;
  /** `--no-cache`: WORKDIR is found all the same, as in BuildKit, but nobody who asked for no cache wants to read of one. */
  readonly noCache: boolean;
}

/** Tells news in the order they come. */
export class ClassicOutput {
  readonly #send: SendProgress;
  readonly #options: ClassicOutputOptions;
  readonly #begun = new Set<string>();
  readonly #bases = new Set<string>();
  #step = 0;

  constructor(send: SendProgress, options: ClassicOutputOptions) {
    this.#send = send;
    this.#options = options;
  }

  tell(news: BuildNews): void {
    switch (news.type) {
      case 'begin':
        this.#begin(news);
        return;
      case 'step':
        this.#end(news);
        return;
      case 'log':
        this.#text(news.text);
        return;
      case 'pull':
        this.#send({
          status: 'Downloading',
          id: news.reference,
          progressDetail: { current: news.bytes, total: news.totalBytes },
        });
        return;
      case 'warning':
        // Docker: checks are BuildKit's; the classic builder has none.
        if (news.code === CHECK_WARNING) return;
        this.#text(`[Warning] ${news.message}\n`);
        return;
      case 'started':
      case 'fetch':
      case 'error':
      case 'result':
        return;
    }
  }

  #begin({ stage, line, instruction }: { stage: string; line: number; instruction: string }): void {
    const key = JSON.stringify([stage, line, instruction]);
    if (this.#begun.has(key)) return;
    this.#begun.add(key);
    const place = JSON.stringify([stage, line]);
    // Steps of a FROM other than itself are what ONBUILD of its base asks for; they are no steps of this file.
    if (this.#bases.has(place)) {
      this.#text(`# Executing build trigger : ${instruction}\n`);
      return;
    }
    if (instruction.startsWith('FROM ')) this.#bases.add(place);
    this.#step += 1;
    this.#text(`Step ${this.#step}/${this.#options.nSteps} : ${instruction}\n`);
  }

  #end(news: Extract<BuildNews, { type: 'step' }>): void {
    if (news.state === 'SKIPPED') return;
    this.#begin(news);
    const isTold = !this.#options.noCache && !news.instruction.startsWith('FROM ');
    if (news.state === 'CACHED' && isTold) this.#text(' ---> Using cache\n');
  }

  #text(stream: string): void {
    this.#send({ stream });
  }
}
