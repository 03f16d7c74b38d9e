import type { Label } from '../moderation/index.ts';
import type { Conduct } from './conduct.ts';

/** What a label of moderation is a signal of; null where it is none: a person in need is helped and never held to anything. */
export const CONDUCT_OF_LABEL: Readonly<Record<Label, Conduct | null>> = {
  harassment: 'harassment',
  'harassment/threatening': 'threats',
  hate: 'hate',
  'hate/threatening': 'threats',
  illicit: 'illicit',
  'illicit/violent': 'threats',
  'self-harm': null,
  'self-harm/intent': null,
  'self-harm/instructions': 'self_harm_promotion',
  sexual: 'sexual',
  'sexual/minors': 'minors',
  violence: 'violence',
  'violence/graphic': 'violence',
  jailbreak: 'circumvention',
};
