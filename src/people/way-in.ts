import type { Context } from 'hono';
import type { Result } from '../base/result.ts';
import type { ControlVariables } from '../http/control-api.ts';
import type { WriteStatement } from '../storage/sql/writer.ts';
import type { SessionView } from './contract.ts';
import type { PeopleRefusal } from './refusal.ts';
import type { SignInMethod } from './session-store.ts';

export type PortalContext = Context<{ Variables: ControlVariables }>;

/** A session begun by another way than a password. */
export interface CameIn {
  /** The value of `set-cookie` that brings the session. */
  readonly cookie: string;
  readonly view: SessionView;
}

/** Begins the session of somebody whom another way is sure of; the session the request came with ends. */
export type ComeIn = (
  context: PortalContext,
  personId: string,
  how: {
    readonly method: SignInMethod;
    /** `ask`: the way shows one factor alone, and whoever has turned a second one on is asked for it. */
    readonly secondFactor: 'done' | 'ask';
    /** Written in one with the session, or the session is not. */
    readonly unit: readonly WriteStatement[];
  },
) => Promise<Result<CameIn, PeopleRefusal>>;

/** Somebody whom another service vouches for, and who has no account here. */
export interface Newcomer {
  readonly email: string;
  /** Null takes what stands before the @. */
  readonly name: string | null;
  readonly method: SignInMethod;
  readonly plan: string | null;
  readonly invitation: string | null;
  /** `workspace`: it answers for its own people, and the door asks nothing of them. */
  readonly letInBy: 'door' | 'workspace';
  /** Written in one with the person. */
  statements(personId: string): readonly WriteStatement[];
}

/** Makes somebody's account and begins their session. */
export type JoinIn = (
  context: PortalContext,
  newcomer: Newcomer,
) => Promise<Result<CameIn & { readonly personId: string }, PeopleRefusal>>;
