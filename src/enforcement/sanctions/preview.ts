import type { SanctionOrder } from '../sanction.ts';
import type { AllowedOrder } from './allow.ts';
import type { Core } from './deps.ts';
import type { createImposing } from './impose.ts';
import { lengthOf, lowered } from './ladder.ts';
import { wordsOf } from './plan.ts';
import type { Preview } from './sanctions.ts';

/** What an order would do and what would be read of it; nothing is done. */
export function previewOf(
  core: Core,
  { check, replacedBy }: Pick<ReturnType<typeof createImposing>, 'check' | 'replacedBy'>,
  order: SanctionOrder,
): Preview {
  const nowMs = core.clock.wallMs();
  const checked = check(order);
  const isLinked = order.unit.kind === 'operator';
  const step = isLinked ? lowered(order.step) : order.step;
  const startMs = nowMs + order.delayMs;
  const length = lengthOf(step, order.facts.severity, core.table.coolOffs(order.unit));
  const untilMs = order.untilMs ?? (length === null ? null : startMs + length);
  // The words of what would be refused are worth reading, too: they are those a second person would confirm.
  const read = { ...order, step, facts: isLinked ? { ...order.facts, requests: 0 } : order.facts } as AllowedOrder;
  const words = wordsOf(read, { untilMs, decidedAtMs: nowMs });
  const replaced = checked.ok && !isLinked ? replacedBy(checked.value.allowed) : null;
  const refusal = checked.ok ? (replaced === null || replaced.ok ? null : replaced.refusal) : checked.refusal;
  return {
    refusal,
    untilMs,
    accounts: checked.ok ? (checked.value.operator?.accounts.length ?? 1) : 0,
    replaces: replaced?.ok ? replaced.value.map(({ id }) => id) : [],
    ...words,
  };
}
