export interface Point {
  readonly x: number;
  readonly y: number;
}

/** Slope of the straight line with the least squared distance to the points; 0 when they do not spread along x. */
export function slopeOf(points: readonly Point[]): number {
  const meanX = meanOf(points.map((point) => point.x));
  const meanY = meanOf(points.map((point) => point.y));
  let together = 0;
  let alone = 0;
  for (const { x, y } of points) {
    together += (x - meanX) * (y - meanY);
    alone += (x - meanX) ** 2;
  }
  return alone === 0 ? 0 : together / alone;
}

export function meanOf(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
