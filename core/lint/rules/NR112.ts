/** NR112: a comment that silences a rule nobody has, or that its tool does not read. */

import { missedPragmas, readPragmas } from '../pragmas.ts';
import { skippedChecks } from '../skipped-checks.ts';
import type { Rule } from '../rule.ts';

export const NR112: Rule = {
  id: 'NR112',
  family: 'naru',
  severity: 'warning',
  message: 'no rule has this id',
  why: 'A misspelt id silences nothing, and hadolint drops the whole comment when one word in its list is no id of its own. The finding stays, or comes back in another tool.',
  examples: {
    bad: ['FROM debian:12\n# hadolint ignore=DL9999\nRUN true'],
    good: ['FROM debian:12\n# hadolint ignore=DL3003\nRUN cd /tmp && make'],
  },
  check({ dockerfile, ruleIds }, report) {
    for (const { id, span } of skippedChecks(dockerfile)) {
      if (!ruleIds.has(id)) report({ span, message: `no rule is called ${id}` });
    }
    for (const { ids, isVoid, kind, comment } of readPragmas(dockerfile)) {
      if (kind === 'shell') continue;
      const unknown = ids.filter(({ id }) => !ruleIds.has(id) && !/^SC\d{4}$/.test(id));
      for (const { id, span } of unknown) {
        const isRefusal = id.startsWith('E_');
        report({ span, message: isRefusal ? `no comment silences ${id}` : `no rule is called ${id}` });
      }
      if (isVoid && unknown.length === 0) {
        const isOwn = /^naru\b/.test(comment.text);
        const areForeign = ids.some(({ id }) => !/^(?:DL|SC)\d{4}$/.test(id));
        const message = areForeign ? FOREIGN : UNREAD;
        report({ span: comment.span, message: isOwn || ids.length === 0 ? NO_IDS : message });
      }
    }
    for (const { span, text } of missedPragmas(dockerfile)) {
      const tool = /^naru/i.test(text) ? 'naru' : 'hadolint';
      report({
        span,
        message: `nobody reads this comment: write \`# ${tool} ignore=\` and the ids behind it`,
      });
    }
  },
};

const NO_IDS = 'this comment names no rule: write the ids behind the =, with commas between them';
const UNREAD = 'hadolint reads no such list: write one comma between two ids, and none at the end';
const FOREIGN = 'hadolint reads only lists of its own rules here: write `# naru ignore=` for others';
