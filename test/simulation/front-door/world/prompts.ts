/** Made-up prompts: a person's own, a class's assignment, a tutorial's starter, a company's, a farm's templates. */
import type { Draw } from '../draw.ts';
import WORDS from './prompts.json' with { type: 'json' };

/** The first conversation of an account, as linkage sketches it. */
export interface Prompt {
  readonly system: string;
  readonly user: string;
}

const SHARE_OF_OTHER_LANGUAGES = 0.3;

/** What a person asks of their own accord; many leave the system prompt as their tool has it. */
export function ownPrompt(draw: Draw): Prompt {
  return {
    system: draw.chance(0.7) ? draw.pick(WORDS.default_systems) : passage(draw, 2 + draw.below(3)),
    user: ownTurn(draw),
  };
}

function ownTurn(draw: Draw): string {
  if (draw.chance(SHARE_OF_OTHER_LANGUAGES))
    return `${draw.pick(WORDS.other_languages)} ${draw.pick(WORDS.topics)} ${draw.pick(WORDS.words)} ${passage(draw, draw.below(3))}`;
  return passage(draw, 1 + draw.below(4));
}

/** A text that many start from: an assignment, starter code, a system prompt, a template of a farm. */
export function templateText(draw: Draw): string {
  return passage(draw, 5 + draw.below(5));
}

/** The prompt an account makes of a text it did not write itself; `paraphrase` is the share of words put otherwise. */
export function promptFrom(text: string, paraphrase: number, draw: Draw): Prompt {
  return { system: paraphrased(text, paraphrase, draw), user: ownTurn(draw) };
}

/** The text sent as it is with next to nothing of one's own: what an assignment or starter code makes people send. */
export function exercisePrompt(text: string, paraphrase: number, draw: Draw): Prompt {
  return {
    system: draw.pick(WORDS.default_systems),
    user: `${paraphrased(text, paraphrase, draw)} ${draw.pick(WORDS.topics)}`,
  };
}

export function paraphrased(text: string, share: number, draw: Draw): string {
  if (share <= 0) return text;
  return text
    .split(' ')
    .map((word) => (draw.chance(share) ? draw.pick(WORDS.words) : word))
    .join(' ');
}

function passage(draw: Draw, sentences: number): string {
  return Array.from({ length: sentences }, () => sentence(draw)).join('. ');
}

function sentence(draw: Draw): string {
  const parts = [draw.pick(WORDS.openers), draw.pick(WORDS.words), draw.pick(WORDS.topics), draw.pick(WORDS.details)];
  if (draw.chance(0.5))
    parts.push(draw.pick(WORDS.links), draw.pick(WORDS.words), draw.pick(WORDS.words), draw.pick(WORDS.topics));
  return parts.join(' ');
}
