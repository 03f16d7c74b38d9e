import type { z } from 'zod';
import type { Access, OwnPermission, Permission } from './contract.ts';

/**
 * One route of the control API, as data: what the guard enforces, what the OpenAPI document says and what the tests
 * walk through. A route that is served and not described, or described and not served, stops the start.
 */
export interface ControlRoute {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** With parameters in braces: `/control/v1/keys/{id}/revoke`. */
  readonly path: string;
  readonly access: Access;
  /** A second permission it needs, besides that of `access`. */
  readonly also?: Permission | OwnPermission;
  /** Changes nothing: a question that is too long for an address. It is checked like a change, and not in the trail. */
  readonly question?: true;
  /** A sentence for the documentation, in the imperative: `Revoke a key`. */
  readonly summary: string;
  /** The part of the documentation it stands in: `keys`. */
  readonly tag: string;
  readonly query?: z.ZodObject;
  readonly body?: z.ZodType;
  /** Of a success; a media type where the answer is no JSON. */
  readonly answer: z.ZodType | `${string}/${string}`;
  /** The status of success, 200 when left out. */
  readonly status?: number;
}

/** Who asks: a person of the staff, somebody who signed up, or whoever holds the data folder (the command line). */
export type Actor =
  | {
      readonly kind: 'staff';
      readonly id: string;
      readonly name: string;
      readonly role: string;
      /** /24 or /48 of where the request came from. */
      readonly networkPrefix: string | null;
    }
  | {
      /** Somebody who signed up; `id` is that of their own account. */
      readonly kind: 'person';
      readonly id: string;
      /** /24 or /48 of where the request came from. */
      readonly networkPrefix: string | null;
    }
  | { readonly kind: 'local' };

/** What the guard puts into the context of a control request: `context.get('actor')`. */
export interface ControlVariables {
  /** Not set on a public route when nobody is signed in. */
  readonly actor: Actor;
  /** /24 or /48 of where the request came from; not set, or null, when that is unknown. */
  readonly networkPrefix?: string | null;
  /** The address the request came from; not set, or null, when that is unknown. */
  readonly address?: string | null;
  /** Whether who asked may still ask this; not set where that cannot end. An answer that goes on for long asks it again and again. */
  readonly stillAllowed?: () => boolean;
  /** To be called when such an answer has ended from this side: the caller need not be gone yet. */
  readonly answerEnded?: () => void;
  /** Put there by a handler for the trail: what it changed, without secrets, mail addresses and content. */
  readonly changes?: Readonly<Record<string, unknown>>;
}
