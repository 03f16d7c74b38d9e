/** The most we take from an upstream. Providers are trusted with our prompts, never with our memory. */
export interface TransportLimits {
  /** A whole answer that is not streamed. */
  readonly bodyBytesMax: number;
  /** All of one streamed answer. */
  readonly streamBytesMax: number;
  /** One line, and one event, of a stream; counted in UTF-16 units, of which a byte makes at most one. */
  readonly lineUnitsMax: number;
  /** What is read of an error's body to find the reason. */
  readonly errorBytesMax: number;
  /** How long the rest of a finished stream may take to close before we close it ourselves. */
  readonly drainMs: number;
}

const MIB = 1024 * 1024;

export const TRANSPORT_LIMITS: TransportLimits = {
  bodyBytesMax: 64 * MIB,
  streamBytesMax: 256 * MIB,
  lineUnitsMax: MIB,
  errorBytesMax: 64 * 1024,
  drainMs: 200,
};
