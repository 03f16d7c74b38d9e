/** Where a peer is started. */
export interface Site {
  readonly upstreamPort: number;
  /** Absolute, git-ignored; holds installed peers, their configuration and their logs. */
  readonly workDir: string;
}

/** A server between caller and mock, or the mock itself. */
export interface Peer {
  readonly name: PeerName;
  /** One line for people: what it is and what it does per request. */
  readonly label: string;
  readonly version: string;
  /** Root of its process tree. */
  readonly pid: number;
  readonly port: number;
  /** Sent with every request. */
  readonly headers: Readonly<Record<string, string>>;
  stop(): Promise<void>;
}

export type PeerName = 'direct' | 'nginx' | 'bun' | 'portkey' | `candor-${CandorTier}`;

/** What a Candor of that tier does per request. */
export type CandorTier = 't0' | 't1' | 't2' | 't3';

/** Starts a peer, or says why it cannot be had here. */
export type StartPeer = (site: Site) => Promise<Peer>;
