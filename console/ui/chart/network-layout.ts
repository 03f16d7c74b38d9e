/** What is connected with what, by the places of the nodes. */
export type NetworkPair = readonly [from: number, to: number];

export interface NetworkPlace {
  /** 0 to 1 across the picture. */
  readonly x: number;
  readonly y: number;
}

const ROUNDS = 160;
const GOLDEN_ANGLE = Math.PI * (3 - Math.sqrt(5));
const START_HEAT = 0.12;
const PULL_TO_MIDDLE = 0.04;
const LEAST_DISTANCE = 0.001;

interface Moving {
  x: number;
  y: number;
}

/**
 * Places for `count` nodes, the same each time for the same graph: forces as of Fruchterman and Reingold (1991), begun
 * on a spiral with the first node in its middle. Takes time by the square of the count: for some hundred at most.
 */
export function layOutNetwork(count: number, pairs: readonly NetworkPair[]): NetworkPlace[] {
  const places: Moving[] = Array.from({ length: count }, (_, nth) => {
    const radius = 0.45 * Math.sqrt(nth / Math.max(1, count));
    return { x: radius * Math.cos(nth * GOLDEN_ANGLE), y: radius * Math.sin(nth * GOLDEN_ANGLE) };
  });
  const length = 0.8 / Math.sqrt(Math.max(1, count));
  for (let round = 0; round < ROUNDS; round++) {
    const heat = START_HEAT * (1 - round / ROUNDS);
    step(places, pairs, length, heat);
  }
  return stretched(places);
}

/** Everybody pushes everybody away, pairs pull each other, and all are pulled a little to the middle. */
function step(places: readonly Moving[], pairs: readonly NetworkPair[], length: number, heat: number): void {
  const moves = places.map(({ x, y }) => ({ x: -x * PULL_TO_MIDDLE, y: -y * PULL_TO_MIDDLE }));
  for (let one = 0; one < places.length; one++) {
    for (let other = one + 1; other < places.length; other++) {
      push(places, moves, [one, other], (distance) => (length * length) / distance);
    }
  }
  for (const pair of pairs) push(places, moves, pair, (distance) => -(distance * distance) / length);
  for (const [nth, place] of places.entries()) {
    const move = moves[nth] ?? { x: 0, y: 0 };
    const size = Math.hypot(move.x, move.y) || 1;
    const share = Math.min(size, heat) / size;
    place.x += move.x * share;
    place.y += move.y * share;
  }
}

function push(
  places: readonly Moving[],
  moves: readonly Moving[],
  [one, other]: NetworkPair,
  force: (distance: number) => number,
): void {
  const [a, b, moveA, moveB] = [places[one], places[other], moves[one], moves[other]];
  if (a === undefined || b === undefined || moveA === undefined || moveB === undefined || a === b) return;
  const distance = Math.max(LEAST_DISTANCE, Math.hypot(a.x - b.x, a.y - b.y));
  const size = force(distance);
  const [x, y] = [((a.x - b.x) / distance) * size, ((a.y - b.y) / distance) * size];
  moveA.x += x;
  moveA.y += y;
  moveB.x -= x;
  moveB.y -= y;
}

/** The picture is filled from edge to edge; what has no extent stands in the middle. */
function stretched(places: readonly Moving[]): NetworkPlace[] {
  const along = (axis: 'x' | 'y') => {
    const values = places.map((place) => place[axis]);
    const [low, high] = [Math.min(...values), Math.max(...values)];
    return (place: Moving) => (high - low < LEAST_DISTANCE ? 0.5 : (place[axis] - low) / (high - low));
  };
  const [x, y] = [along('x'), along('y')];
  return places.map((place) => ({ x: x(place), y: y(place) }));
}
