/** What somebody may be held to have done, and how grave it is. */
export const CONDUCTS = [
  'minors',
  'mass_harm',
  'threats',
  'hate',
  'harassment',
  'violence',
  'sexual',
  'illicit',
  'self_harm_promotion',
  'circumvention',
  'fraud',
  'resale',
  'extraction',
  'evasion',
] as const;
export type Conduct = (typeof CONDUCTS)[number];

/** 1: mild; 2: serious; 3: severe; `terminal`: skips steps, never the record and never the people who decide. */
export type Severity = 1 | 2 | 3 | 'terminal';

export const SEVERITIES: Readonly<Record<Conduct, Severity>> = {
  minors: 'terminal',
  mass_harm: 'terminal',
  threats: 3,
  hate: 2,
  harassment: 1,
  violence: 1,
  sexual: 1,
  illicit: 2,
  self_harm_promotion: 3,
  circumvention: 1,
  fraud: 2,
  resale: 2,
  extraction: 2,
  evasion: 3,
};
