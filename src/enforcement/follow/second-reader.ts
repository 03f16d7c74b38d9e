import type { Clock } from '../../base/clock.ts';
import { canonicalise, type SlowStage } from '../../moderation/index.ts';
import type { Conduct } from '../conduct.ts';
import { CONDUCT_OF_LABEL } from '../conduct-of-label.ts';
import type { Incident, Reading } from '../incident.ts';

/** A guard model that may be asked, as moderation runs it. */
export interface GuardReader {
  readonly name: string;
  readonly stage: Pick<SlowStage, 'look'>;
}

export interface SecondReaderDeps {
  /** Null where none is configured. */
  readonly guard: GuardReader | null;
  readonly clock: Clock;
  readonly queueMax?: number;
  readonly atOnceMax?: number;
  readonly timeoutMs?: number;
}

/** What is asked about one incident. */
export interface Question {
  readonly incident: Incident;
  /** Both of our own models were above the policy's threshold. */
  readonly agreed: boolean;
  /** What the person wrote, while it is in memory; null after that. */
  readonly text: string | null;
}

/** Why a person has to say. */
export type Doubt = 'nobody_to_ask' | 'no_text' | 'busy' | 'no_answer' | 'between' | 'disagree';

export type Answer = { readonly reading: Reading; readonly doubt: Doubt | null };

/** Reads what is doubtful: models first, as a rule; a person where they cannot say. */
export interface SecondReader {
  /** Never rejects. What cannot be read is `unsure`: neither abuse nor harmless. */
  read(question: Question): Promise<Answer>;
  /** Waits for what is being read. */
  settled(): Promise<void>;
}

const QUEUE_MAX = 200;
const AT_ONCE_MAX = 2;
const TIMEOUT_MS = 10_000;
/** Of the guard's probability for a conduct. */
const ABUSE_FROM = 0.7;
const HARMLESS_BELOW = 0.3;
/** From here on our own model was so sure that a guard who sees nothing disagrees with it. */
const OWN_SURE_FROM = 0.85;
const CONFIDENCE_MAX = 0.98;

export function createSecondReader(deps: SecondReaderDeps): SecondReader {
  const { guard, clock, queueMax = QUEUE_MAX, atOnceMax = AT_ONCE_MAX, timeoutMs = TIMEOUT_MS } = deps;
  const waiting: (() => void)[] = [];
  const inHand = new Set<Promise<unknown>>();
  let asking = 0;

  async function turn(): Promise<void> {
    if (asking >= atOnceMax) await new Promise<void>((resolve) => waiting.push(resolve));
    asking++;
  }

  async function askGuard(by: GuardReader, { incident }: Question, text: string): Promise<Answer> {
    await turn();
    try {
      const canonical = canonicalise(text).text;
      // A field of its own and no instruction: whatever it says, it is what is looked at.
      const look = { subject: 'prompt', text: canonical, original: text, context: '' } as const;
      const found = await by.stage.look(look, timeoutMs);
      if (!found.ok) return unsure(incident, 'no_answer', clock.wallMs());
      return judged(incident, by.name, probabilityOf(incident.conduct, found.value), clock.wallMs());
    } catch {
      return unsure(incident, 'no_answer', clock.wallMs());
    } finally {
      asking--;
      waiting.shift()?.();
    }
  }

  async function answer(question: Question): Promise<Answer> {
    const { incident, agreed, text } = question;
    if (agreed) return sure(incident, 'abuse', 'stage2', incident.confidence, clock.wallMs());
    if (guard === null) return unsure(incident, 'nobody_to_ask', clock.wallMs());
    if (text === null || text === '') return unsure(incident, 'no_text', clock.wallMs());
    if (waiting.length >= queueMax) return unsure(incident, 'busy', clock.wallMs());
    return await askGuard(guard, question, text);
  }

  return {
    read(question) {
      const reading = answer(question);
      inHand.add(reading);
      void reading.finally(() => inHand.delete(reading));
      return reading;
    },
    async settled() {
      await Promise.all(inHand);
    },
  };
}

function judged(incident: Incident, guard: string, probability: number, atMs: number): Answer {
  const by = `guard:${guard}`;
  if (probability >= ABUSE_FROM) return sure(incident, 'abuse', by, probability, atMs);
  if (probability > HARMLESS_BELOW) return unsure(incident, 'between', atMs, by);
  if (incident.confidence >= OWN_SURE_FROM) return unsure(incident, 'disagree', atMs, by);
  return sure(incident, 'harmless', by, 1 - probability, atMs);
}

/** Of this conduct or of something a service should not let pass at all: another model names things by other names. */
function probabilityOf(conduct: Conduct, finding: { readonly harm: number; readonly scores: object }): number {
  let most = 0;
  for (const [label, score] of Object.entries(finding.scores)) {
    const points = CONDUCT_OF_LABEL[label as keyof typeof CONDUCT_OF_LABEL];
    if (points === conduct) most = Math.max(most, Number(score));
  }
  return Math.max(most, finding.harm);
}

function sure(incident: Incident, outcome: 'abuse' | 'harmless', by: string, confidence: number, atMs: number): Answer {
  const reading = { incidentId: incident.id, outcome, confidence: Math.min(CONFIDENCE_MAX, confidence), by, atMs };
  return { reading, doubt: null };
}

function unsure(incident: Incident, doubt: Doubt, atMs: number, by = 'stage2'): Answer {
  const reading = { incidentId: incident.id, outcome: 'unsure', confidence: incident.confidence, by, atMs } as const;
  return { reading, doubt };
}
