import type { ControlRoute } from '../http/control-api.ts';
import {
  addPasskeyBody,
  doneView,
  identityListView,
  oauthCallbackQuery,
  oauthStartQuery,
  outboxView,
  passkeyListView,
  passkeyOptionsView,
  passkeySignInBody,
  passkeyView,
  phoneBody,
  phoneConfirmBody,
  phoneView,
  renamePasskeyBody,
  sessionView,
  signUpDoorView,
  signUpQuery,
  ssoAnswerView,
  ssoQuestionBody,
  ssoStartQuery,
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
    method: 'PATCH',
    path: '/portal/v1/passkeys/{id}',
    access: 'signed_in',
    summary: 'Rename a passkey',
    tag: 'passkeys',
    body: renamePasskeyBody,
    answer: passkeyView,
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
  {
    method: 'GET',
    path: '/portal/v1/oauth',
    access: 'signed_in',
    summary: 'List the services one can connect, and those that are',
    tag: 'oauth',
    answer: identityListView,
  },
  {
    method: 'DELETE',
    path: '/portal/v1/oauth/{id}',
    access: 'signed_in',
    summary: 'Disconnect a service',
    tag: 'oauth',
    answer: doneView,
  },
];

/** Signing in where the workspace of a mail address says. */
export const ssoPortalApi: readonly ControlRoute[] = [
  {
    method: 'POST',
    path: '/portal/v1/sso',
    access: 'public',
    question: true,
    summary: 'Say whether single sign-on is asked of a mail address, and where it begins',
    tag: 'oauth',
    body: ssoQuestionBody,
    answer: ssoAnswerView,
  },
  {
    method: 'GET',
    path: '/portal/v1/sso/start',
    access: 'public',
    summary: 'Go to the single sign-on of a mail domain',
    tag: 'oauth',
    query: ssoStartQuery,
    answer: 'text/html',
    status: 303,
  },
  {
    method: 'GET',
    path: '/portal/v1/sso/{workspace}/callback',
    access: 'public',
    summary: 'Come back from single sign-on',
    tag: 'oauth',
    query: oauthCallbackQuery,
    answer: 'text/html',
    status: 303,
  },
];

/** A mobile number as one more way to be sure of a person. */
export const phonePortalApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/phone',
    access: 'signed_in',
    summary: 'Say whether a mobile number is proved',
    tag: 'phone',
    answer: phoneView,
  },
  {
    method: 'POST',
    path: '/portal/v1/phone',
    access: 'signed_in',
    summary: 'Send a code to a mobile number',
    tag: 'phone',
    body: phoneBody,
    answer: phoneView,
    status: 202,
  },
  {
    method: 'POST',
    path: '/portal/v1/phone/confirm',
    access: 'signed_in',
    summary: 'Prove a mobile number with the code that was sent there',
    tag: 'phone',
    body: phoneConfirmBody,
    answer: phoneView,
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
