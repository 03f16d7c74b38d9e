import type {
  Choice,
  FinishReason,
  Generation,
  GenerationEvent,
  ReasoningPart,
  TokenLogprob,
  Usage,
} from './generation.ts';

/** Gathers a generation's events, as they come, into the whole answer. */
export interface Collector {
  add(events: Iterable<GenerationEvent>): void;
  /**
   * The answer so far. A choice whose finish never came reads as `stop`: only a stream that ended cleanly may be
   * booked as an answer, and that is the caller's knowledge.
   */
  generation(): Generation;
}

interface OpenChoice {
  text: string | null;
  refusal: string;
  reasoning: ReasoningPart[];
  /** Whether the last reasoning part still takes text. */
  reasoningOpen: boolean;
  toolCalls: { id: string; name: string; arguments: string }[];
  logprobs: TokenLogprob[];
  finish: FinishReason;
  stopSequence: string | undefined;
}

type StartEvent = Extract<GenerationEvent, { type: 'start' }>;

export function createCollector(): Collector {
  const choices: OpenChoice[] = [];
  let start: StartEvent | undefined;
  let usage: Usage | null = null;
  return {
    add(events) {
      for (const event of events) {
        if (event.type === 'start') start = event;
        else if (event.type === 'usage') usage = event.usage;
        else addToChoice(openChoice(choices, event.choice), event);
      }
    },
    generation() {
      return {
        ...(start?.upstreamId !== undefined && { upstreamId: start.upstreamId }),
        ...(start?.upstreamModel !== undefined && { upstreamModel: start.upstreamModel }),
        ...(start?.fingerprint !== undefined && { fingerprint: start.fingerprint }),
        choices: choices.map(closeChoice),
        usage,
      };
    },
  };
}

/** The whole answer that these events, all of one generation, make up. */
export function collect(events: Iterable<GenerationEvent>): Generation {
  const collector = createCollector();
  collector.add(events);
  return collector.generation();
}

function openChoice(choices: OpenChoice[], index: number): OpenChoice {
  while (choices.length <= index) {
    choices.push({
      text: null,
      refusal: '',
      reasoning: [],
      reasoningOpen: false,
      toolCalls: [],
      logprobs: [],
      finish: 'stop',
      stopSequence: undefined,
    });
  }
  return choices[index] as OpenChoice;
}

function addToChoice(choice: OpenChoice, event: Exclude<GenerationEvent, { type: 'start' | 'usage' }>): void {
  switch (event.type) {
    case 'text':
      choice.text = (choice.text ?? '') + event.text;
      if (event.logprobs !== undefined) choice.logprobs.push(...event.logprobs);
      if (event.text !== '') choice.reasoningOpen = false;
      break;
    case 'refusal':
      choice.refusal += event.text;
      choice.reasoningOpen = false;
      break;
    case 'reasoning':
      addReasoning(choice, event);
      break;
    case 'tool_call':
      choice.toolCalls[event.index] = { id: event.id, name: event.name, arguments: '' };
      choice.reasoningOpen = false;
      break;
    case 'tool_arguments': {
      const call = choice.toolCalls[event.index];
      if (call !== undefined) call.arguments += event.text;
      break;
    }
    case 'finish':
      choice.finish = event.reason;
      choice.stopSequence = event.stopSequence;
      break;
  }
}

/** Text joins the open part; a signature closes it; a redacted part stands alone. */
function addReasoning(choice: OpenChoice, event: Extract<GenerationEvent, { type: 'reasoning' }>): void {
  if (event.redacted !== undefined) {
    choice.reasoning.push({ text: '', redacted: event.redacted });
    choice.reasoningOpen = false;
    return;
  }
  if (event.text === '' && event.signature === undefined) return;
  const last = choice.reasoning.at(-1);
  const text = choice.reasoningOpen && last !== undefined ? last.text + event.text : event.text;
  const part = event.signature === undefined ? { text } : { text, signature: event.signature };
  if (choice.reasoningOpen && last !== undefined) choice.reasoning[choice.reasoning.length - 1] = part;
  else choice.reasoning.push(part);
  choice.reasoningOpen = event.signature === undefined;
}

function closeChoice(choice: OpenChoice, index: number): Choice {
  // A call whose index was skipped by the upstream leaves a hole, which is no call.
  const toolCalls = choice.toolCalls.filter((call) => call !== undefined);
  return {
    index,
    text: choice.text,
    ...(choice.refusal !== '' && { refusal: choice.refusal }),
    ...(choice.reasoning.length > 0 && { reasoning: [...choice.reasoning] }),
    ...(toolCalls.length > 0 && { toolCalls: toolCalls.map((call) => ({ ...call })) }),
    ...(choice.logprobs.length > 0 && { logprobs: [...choice.logprobs] }),
    finish: choice.finish,
    ...(choice.stopSequence !== undefined && { stopSequence: choice.stopSequence }),
  };
}
