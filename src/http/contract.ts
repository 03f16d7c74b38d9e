/** What every control route shares on the wire: who may use it, and how it refuses. */
import { z } from 'zod';

/** What a person of the staff may be allowed to do; roles are sets of these. */
export const PERMISSIONS = [
  /** See usage: overview, live, explorer, events, apps, alerts that fired. */
  'usage.read',
  /** Take usage away as a file. */
  'usage.export',
  /** Read captured prompts and replies, each time with a reason. */
  'content.read',
  /** Name and merge apps. */
  'apps.write',
  'accounts.read',
  'accounts.write',
  'keys.read',
  'keys.write',
  /** Balances, receipts, payments, plans, budgets, codes. */
  'ledger.read',
  /** Give, take back, refund, correct. */
  'ledger.write',
  'prices.read',
  'prices.write',
  /** Rules and channels, and snoozing what fires. */
  'alerts.write',
  /** What moderation found, without what people wrote; its policies and figures. */
  'moderation.read',
  /** Policies, who they hold for, and uses that accounts declare. */
  'moderation.write',
  /** Say of what was found what it really is. */
  'moderation.label',
  /** Who may sign up, who waits, and how far people come. */
  'signup.read',
  /** Open and close the door, make invitations, let people in from the line. */
  'signup.write',
  /** What is known of who is behind accounts: evidence, links, clusters, keys that seem to be resold. */
  'fraud.read',
  /** Cut links, and say what is known of networks. */
  'fraud.write',
  /** Rules, signals, incidents, sanctions, decisions, appeals and cases, without what people wrote. */
  'enforcement.read',
  /** Decide cases and appeals, impose and lift sanctions. */
  'enforcement.write',
  /** Write rules, change their modes, and replay them. */
  'rules.write',
  /** Who reviews what, their load and wellbeing, and how well they agree. */
  'cases.lead',
  /** The configuration as it runs, health of targets, state of the monitor. */
  'system.read',
  /** Rebuild the monitor, change what the console may change of the service. */
  'system.write',
  'staff.read',
  'staff.write',
  /** The trail of what staff did. */
  'audit.read',
] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** What a person may be allowed to do in an account they belong to, their own or a workspace; named in the path as `{account}`. */
export const OWN_PERMISSIONS = [
  /** See that the account is there, its name, standing and apps. */
  'own.account.read',
  /** Rename it, set allowed models, domains and single sign-on; close it. */
  'own.account.write',
  'own.usage.read',
  'own.keys.read',
  /** Make, rotate and revoke keys and apps. */
  'own.keys.write',
  'own.members.read',
  /** Invite, change and remove members. */
  'own.members.write',
  /** Balances, receipts, statements, payments. */
  'own.billing.read',
  /** Top up, plans, budgets, codes. */
  'own.billing.write',
  /** Stop a member, a key, an app or the whole account at once, and lift it. */
  'own.cutoff.write',
  /** Acknowledge a warning and contest what was decided about it, also while it is stopped. */
  'own.contest.write',
  /** What members did. */
  'own.trail.read',
] as const;
export type OwnPermission = (typeof OWN_PERMISSIONS)[number];

/**
 * Who may call a route: somebody of the staff with this permission; a person whom the account in the path allows it;
 * anybody signed in (`signed_in`); or anybody at all (`public`), which only the way in may be.
 */
export type Access = Permission | OwnPermission | 'signed_in' | 'public';

/** The header that carries the `csrf` of the session on every request that changes something. */
export const CSRF_HEADER = 'x-candor-csrf';

/** Every refusal of the control API. */
export const controlErrorView = z.object({ error: z.object({ reason: z.string(), message: z.string() }) });

/** A moment as ISO 8601 with its offset. */
export const moment = z.iso.datetime({ offset: true, error: 'must be a time such as 2030-01-31T12:00:00Z' });
