import type { Config } from '../config/config.ts';
import type { Environment } from '../config/env.ts';
import type { Disk } from '../config/load.ts';

/** Everything the command line touches outside itself. */
export interface CliDeps {
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  readonly env: Environment;
  /** The working folder, absolute. */
  readonly cwd: string;
  readonly version: string;
  readonly nowMs: () => number;
  readonly disk?: Disk;
  /** The control API of the service that owns this data folder. */
  readonly connect: (dataDir: string) => ControlCall;
  /** Judges the books of a data folder, whether or not a service runs on it. */
  readonly audit: (dataDir: string) => Promise<AuditReport>;
  /** Serves until told to stop; resolves with the exit code. */
  readonly serve: (options: ServeRequest) => Promise<number>;
}

/** One request to the control API. Rejects with `ControlUnreachable` when no service answers. */
export type ControlCall = (
  method: 'GET' | 'POST',
  path: string,
  body?: unknown,
) => Promise<{ readonly status: number; readonly body: unknown }>;

/** Nobody listens on the control socket. `message` says which socket. */
export class ControlUnreachable extends Error {
  override readonly name = 'ControlUnreachable';
}

export interface ServeRequest {
  readonly config: Config;
  /** Null when there is no file. */
  readonly configFile: string | null;
  /** Logs for a person instead of a machine. */
  readonly dev: boolean;
  /** The greeting as one JSON object. */
  readonly json: boolean;
}

/** What an audit found; the shape the auditing domain gives. */
export interface AuditReport {
  readonly clean: boolean;
  readonly findings: readonly {
    /** The promise that is broken, such as `P1`. */
    readonly promise: string;
    readonly rule: string;
    readonly count: number;
    /** Ids of a few offending rows. */
    readonly examples: readonly string[];
  }[];
  /** How many of what were looked at. */
  readonly checked: Readonly<Record<string, number>>;
}

/** Exit codes; those above 63 are from sysexits. */
export const EXIT = {
  ok: 0,
  /** The service said no, or an audit is not clean. */
  refused: 1,
  usage: 2,
  unavailable: 69,
  internal: 70,
  config: 78,
} as const;

/** Ends a verb that cannot go on; `run.ts` turns it into text or JSON and an exit code. */
export class CliFailure extends Error {
  override readonly name = 'CliFailure';
  readonly exitCode: number;
  /** For machines, such as `key_not_found`. */
  readonly reason: string;

  constructor(exitCode: number, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
    this.reason = reason;
  }
}
