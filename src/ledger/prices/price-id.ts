import type { Price, Rates } from '../price.ts';
import { plainRates, raiseRates } from './rates.ts';

/** Names a list price made of a cost price and a margin, so that its rates can be had again from the entry. */
export function raisedId(cost: Price, marginBp: number): string {
  return `${cost.id}+${marginBp}`;
}

/** Names the rates of the configured estimate, which configuration may change later. */
export function estimateId(rates: Rates): string {
  return `estimate:${rates.input}:${rates.output}`;
}

/** The rates any `priceId` of a quote names; null when it names none. */
export function ratesOfId(priceId: string, find: (id: string) => Price | null): Rates | null {
  const estimate = /^estimate:(\d{1,19}):(\d{1,19})$/.exec(priceId);
  if (estimate) return plainRates(BigInt(estimate[1] ?? ''), BigInt(estimate[2] ?? ''));
  const [, id = '', marginBp] = /^([^+]+)(?:\+(\d{1,7}))?$/.exec(priceId) ?? [];
  const rates = find(id)?.rates ?? null;
  return rates === null || marginBp === undefined ? rates : raiseRates(rates, Number(marginBp));
}
