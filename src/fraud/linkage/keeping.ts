import type { Sketch } from '../../sketch/sketch.ts';
import type { Fall, NewEdge } from './edges.ts';

/** An account as it is kept: its number, its traits and its evidence, packed by `packEvidence`. */
export interface StoredAccount {
  readonly number: number;
  readonly accountId: string;
  readonly atMs: number;
  readonly traits: number;
  readonly evidence: Uint8Array;
}

/** A link as it is kept. */
export interface StoredLink extends NewEdge {
  readonly number: number;
  readonly fell: Fall | null;
}

/** A template as it is kept. */
export interface StoredTemplate {
  readonly name: string;
  readonly sketch: Sketch;
}

/** Where linkage writes what it learns; told in the order it happened, and waits for nothing. */
export interface Keeping {
  account(account: StoredAccount): void;
  link(link: StoredLink): void;
  fell(number: number, fall: Fall): void;
  template(template: StoredTemplate, atMs: number): void;
}

/** For a linkage that lives in memory alone. */
export const keepNothing: Keeping = {
  account: () => undefined,
  link: () => undefined,
  fell: () => undefined,
  template: () => undefined,
};
