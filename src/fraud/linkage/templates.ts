import { createLikenessIndex } from '../../sketch/likeness-index.ts';
import type { Sketch } from '../../sketch/sketch.ts';

/** Prompt templates by their likeness: near versions of one get one name. */
export interface Templates {
  /** A name for what this sketch is a version of, its own where it is like none. */
  nameOf(sketch: Sketch): { readonly name: string; readonly isNew: boolean };
  /** Puts one among them that was known before. */
  restore(name: string, sketch: Sketch): void;
}

/** At 645 bytes each: 65 MB when all are taken; those that came first go first. */
export const TEMPLATES_MAX = 100_000;
/** Shared features by all features; beyond it two prompts are versions of one. */
const SAME_TEMPLATE_LIKENESS = 0.5;
const NAME_SLOTS = 4;

export function createTemplates(most = TEMPLATES_MAX): Templates {
  const index = createLikenessIndex<string>(most);
  const places: number[] = [];
  function restore(name: string, sketch: Sketch): void {
    let place = index.add(sketch, name);
    while (place === null) {
      index.remove(places.shift() ?? 0);
      place = index.add(sketch, name);
    }
    places.push(place);
  }

  return {
    restore,
    nameOf(sketch) {
      const near = index.nearest(sketch);
      if (near && near.alike >= SAME_TEMPLATE_LIKENESS) return { name: near.owner, isNew: false };
      const name = [...sketch.subarray(0, NAME_SLOTS)].map((slot) => slot.toString(16).padStart(8, '0')).join('');
      restore(name, sketch);
      return { name, isNew: true };
    },
  };
}
