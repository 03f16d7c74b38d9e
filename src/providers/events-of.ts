import type { Choice, Generation, GenerationEvent } from './generation.ts';

/** The events that a whole answer is made of; `collect` makes the answer of them again. */
export function eventsOf(answer: Generation): GenerationEvent[] {
  const { upstreamId, upstreamModel, fingerprint, choices, usage } = answer;
  const start: GenerationEvent = {
    type: 'start',
    ...(upstreamId !== undefined && { upstreamId }),
    ...(upstreamModel !== undefined && { upstreamModel }),
    ...(fingerprint !== undefined && { fingerprint }),
  };
  const used: GenerationEvent[] = usage === null ? [] : [{ type: 'usage', usage }];
  return [start, ...choices.flatMap(eventsOfChoice), ...used];
}

function eventsOfChoice(choice: Choice): GenerationEvent[] {
  const { index, text, refusal, logprobs, stopSequence } = choice;
  const events: GenerationEvent[] = [];
  for (const part of choice.reasoning ?? []) events.push({ type: 'reasoning', choice: index, ...part });
  if (text !== null) events.push({ type: 'text', choice: index, text, ...(logprobs !== undefined && { logprobs }) });
  if (refusal !== undefined) events.push({ type: 'refusal', choice: index, text: refusal });
  for (const [at, call] of (choice.toolCalls ?? []).entries()) {
    events.push({ type: 'tool_call', choice: index, index: at, id: call.id, name: call.name });
    events.push({ type: 'tool_arguments', choice: index, index: at, text: call.arguments });
  }
  const why = stopSequence === undefined ? {} : { stopSequence };
  events.push({ type: 'finish', choice: index, reason: choice.finish, ...why });
  return events;
}
