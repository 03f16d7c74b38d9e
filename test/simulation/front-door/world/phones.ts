/** Made-up phone numbers, under prefixes of mobile networks of several countries. */
import type { Draw } from '../draw.ts';

const PREFIXES = [
  '+1415',
  '+1212',
  '+4477',
  '+4915',
  '+8613',
  '+8618',
  '+3368',
  '+3466',
  '+5511',
  '+9198',
  '+8190',
  '+3934',
];

export function phoneOf(draw: Draw): string {
  return `${draw.pick(PREFIXES)}${String(draw.below(100_000_000)).padStart(8, '0').slice(0, 7)}`;
}
