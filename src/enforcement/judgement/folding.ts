import { SEVERITIES, type Severity } from '../conduct.ts';
import type { Signal } from '../signal.ts';
import type { JudgementParameters } from './parameters.ts';
import type { Dossier, Held, UnitLog, Weight } from './state.ts';

/** Signals and requests an incident names; more are counted. */
const NAMED_MAX = 100;
const RANKS: Readonly<Record<Severity, number>> = { 1: 1, 2: 2, 3: 3, terminal: 4 };

/** The incident a signal belongs to, the newest that fits; null where it is the first of one. */
export function incidentOf(dossier: Dossier, signal: Signal, { foldMs }: JudgementParameters): Held | null {
  for (let at = dossier.held.length - 1; at >= 0; at--) {
    const held = dossier.held[at] as Held;
    if (held.owner.endUser !== signal.owner.endUser || Math.abs(signal.atMs - held.lastAtMs) > foldMs) continue;
    if (ofOneRequest(held, signal)) {
      if (RANKS[SEVERITIES[signal.conduct]] <= RANKS[held.severity]) return held;
    } else if (held.conduct === signal.conduct && alike(held, signal)) return held;
  }
  return null;
}

function ofOneRequest(held: Held, signal: Signal): boolean {
  return signal.requestId !== null && held.requestIds.includes(signal.requestId);
}

/** Where neither has anything to go by, they are taken for one: that is the milder reading. */
function alike(held: Held, signal: Signal): boolean {
  if (held.conversation !== null && held.conversation === signal.conversation) return true;
  if (held.template !== null && held.template === signal.template) return true;
  return nothingToGoBy(held) && nothingToGoBy(signal);
}

function nothingToGoBy(of: { readonly conversation: string | null; readonly template: string | null }): boolean {
  return of.conversation === null && of.template === null;
}

/** Takes a signal into an incident that is there. */
export function takeIn(held: Held, signal: Signal): void {
  held.signalCount++;
  held.lastAtMs = Math.max(held.lastAtMs, signal.atMs);
  if (held.signals.length < NAMED_MAX) held.signals.push(signal.id);
  noteRequest(held, signal.requestId);
  held.freshUntilMs = Math.max(held.freshUntilMs, signal.freshUntilMs);
  held.conversation ??= signal.conversation;
  held.template ??= signal.template;
  if (held.state === 'doubtful') held.confidence = Math.max(held.confidence, signal.confidence);
}

/** Whether somebody who was told goes on, or what was answered otherwise comes again, often enough for a further incident. */
export function isFurther(held: Held, signal: Signal, { againEvery }: JudgementParameters): boolean {
  if (ofOneRequest(held, signal)) return false;
  const isAnswered = held.state === 'dismissed' || held.isOpen;
  if (isAnswered || (held.toldAtMs !== null && signal.atMs > held.toldAtMs)) held.sinceTold++;
  if (held.sinceTold < againEvery) return false;
  held.sinceTold = 0;
  return true;
}

function noteRequest(held: Held, requestId: string | null): void {
  if (requestId === null || held.requestIds.length >= NAMED_MAX || held.requestIds.includes(requestId)) return;
  held.requestIds.push(requestId);
}

/** A new incident, which is named after the signal that opened it. */
export function openIncident(signal: Signal, chain: readonly UnitLog[]): Held {
  return {
    id: `inc_${signal.id.slice(signal.id.indexOf('_') + 1)}`,
    owner: signal.owner,
    conduct: signal.conduct,
    severity: SEVERITIES[signal.conduct],
    openedAtMs: signal.atMs,
    lastAtMs: signal.atMs,
    signals: [signal.id],
    signalCount: 1,
    requestIds: signal.requestId === null ? [] : [signal.requestId],
    state: 'doubtful',
    confidence: signal.confidence,
    readBy: null,
    conversation: signal.conversation,
    template: signal.template,
    weight: 'full',
    freshUntilMs: signal.freshUntilMs,
    isOpen: false,
    toldAtMs: null,
    sinceTold: 0,
    chain,
    offender: chain[0]?.key ?? '',
  };
}

/** What an incident weighs beside those before it: requests of one conversation are not chances of their own. */
export function weightBeside(
  earlier: readonly Held[],
  of: Pick<Held, 'owner' | 'openedAtMs' | 'requestIds' | 'conversation' | 'template'>,
  { foldMs }: JudgementParameters,
): Weight {
  let weight: Weight = 'full';
  for (const held of earlier) {
    if (held.owner.endUser !== of.owner.endUser || held.state === 'dismissed') continue;
    if (of.openedAtMs - held.lastAtMs > foldMs) continue;
    if (of.requestIds.some((id) => held.requestIds.includes(id))) return 'none';
    const isSame = held.conversation !== null && held.conversation === of.conversation;
    if (isSame || (held.template !== null && held.template === of.template)) weight = 'again';
  }
  return weight;
}
