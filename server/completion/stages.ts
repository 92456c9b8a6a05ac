/** Completion of stage names: the stages above the one that is being written. */

import { type CompletionItem, CompletionItemKind } from 'vscode-languageserver/node';

import type { CompletionRequest } from './request.ts';

export function stageItems({ document, offset }: CompletionRequest): CompletionItem[] {
  const { stages } = document.dockerfile;
  const current = stages.findLastIndex((stage) => stage.from.span.start <= offset);
  return stages.slice(0, Math.max(0, current)).flatMap((stage) => {
    if (stage.name === undefined) return [];
    return [
      { label: stage.name, kind: CompletionItemKind.Module, detail: `FROM ${stage.from.image?.text ?? ''}` },
    ];
  });
}
