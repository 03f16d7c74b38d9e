import type { ControlRoute } from '../http/control-api.ts';
import {
  addPasskeyBody,
  doneView,
  oauthCallbackQuery,
  oauthStartQuery,
  outboxView,
  passkeyListView,
  passkeyOptionsView,
  passkeySignInBody,
  passkeyView,
  sessionView,
  signUpDoorView,
  signUpQuery,
  waitlistView,
} from './contract.ts';

/** What stands at the door. */
export const doorPortalApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/sign-up',
    access: 'public',
    summary: 'Say whether the door is open for whoever asks, by plan, and which challenge a sign-up must solve',
    tag: 'sign-up',
    query: signUpQuery,
    answer: signUpDoorView,
  },
  {
    method: 'GET',
    path: '/portal/v1/waitlist/{ticket}',
    access: 'public',
    summary: 'Say where somebody stands who waits',
    tag: 'sign-up',
    answer: waitlistView,
  },
];

/** Passkeys: signing in with one, and those somebody has. */
export const passkeyPortalApi: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/portal/v1/session/passkey/options',
    access: 'public',
    summary: 'Begin a sign-in with a passkey',
    tag: 'passkeys',
    answer: passkeyOptionsView,
  },
  {
    method: 'POST',
    path: '/portal/v1/session/passkey',
    access: 'public',
    summary: 'Sign in with a passkey',
    tag: 'passkeys',
    body: passkeySignInBody,
    answer: sessionView,
  },
  {
    method: 'GET',
    path: '/portal/v1/passkeys',
    access: 'signed_in',
    summary: 'List the own passkeys',
    tag: 'passkeys',
    answer: passkeyListView,
  },
  {
    method: 'POST',
    path: '/portal/v1/passkeys/options',
    access: 'signed_in',
    summary: 'Begin to add a passkey',
    tag: 'passkeys',
    answer: passkeyOptionsView,
  },
  {
    method: 'POST',
    path: '/portal/v1/passkeys',
    access: 'signed_in',
    summary: 'Add a passkey',
    tag: 'passkeys',
    body: addPasskeyBody,
    answer: passkeyView,
    status: 201,
  },
  {
    method: 'DELETE',
    path: '/portal/v1/passkeys/{id}',
    access: 'signed_in',
    summary: 'Remove a passkey',
    tag: 'passkeys',
    answer: doneView,
  },
];

/** Signing up and in by another service. */
export const oauthPortalApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/oauth/{provider}/start',
    access: 'public',
    summary: 'Go to another service to sign up or in',
    tag: 'oauth',
    query: oauthStartQuery,
    answer: 'text/html',
    status: 303,
  },
  {
    method: 'GET',
    path: '/portal/v1/oauth/{provider}/callback',
    access: 'public',
    summary: 'Come back from another service',
    tag: 'oauth',
    query: oauthCallbackQuery,
    answer: 'text/html',
    status: 303,
  },
];

/** Mails kept for development, where no server sends them. */
export const outboxPortalApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/outbox',
    access: 'public',
    summary: 'List the mails that would have been sent',
    tag: 'outbox',
    answer: outboxView,
  },
];
