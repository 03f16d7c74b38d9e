import { z } from 'zod';
import { rotateKeyBody } from '../../accounts/index.ts';
import type { ControlRoute } from '../../http/control-api.ts';
import {
  createdPortalKeyView,
  createPortalKeyBody,
  keyTermsView,
  portalKeyListQuery,
  portalKeyListView,
  portalKeyView,
} from './contract.ts';

export const portalKeyApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/keys',
    access: 'own.keys.read',
    summary: 'List keys, the newest first: all of the account, or those of whoever asks',
    tag: 'keys',
    query: portalKeyListQuery,
    answer: portalKeyListView,
  },
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/key-terms',
    access: 'own.keys.write',
    summary: 'Show what a key that is made now may have',
    tag: 'keys',
    answer: keyTermsView,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/keys',
    access: 'own.keys.write',
    summary: 'Make a key; the answer is the only place the whole of it is ever shown',
    tag: 'keys',
    body: createPortalKeyBody,
    answer: createdPortalKeyView,
    status: 201,
  },
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/keys/{key}',
    access: 'own.keys.read',
    summary: 'Show a key, without its secret',
    tag: 'keys',
    answer: portalKeyView,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/keys/{key}/rotate',
    access: 'own.keys.write',
    summary: 'Make a key in the place of another, which goes on working for a while',
    tag: 'keys',
    body: rotateKeyBody,
    answer: createdPortalKeyView,
    status: 201,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/keys/{key}/revoke',
    access: 'own.keys.write',
    summary: 'Revoke a key at once; requests it has in flight are cut',
    tag: 'keys',
    body: z.strictObject({}),
    answer: portalKeyView,
  },
  {
    method: 'POST',
    path: '/portal/v1/accounts/{account}/playground-key',
    access: 'own.keys.write',
    summary: 'Make a key for the playground, which ends by itself after an hour',
    tag: 'keys',
    body: z.strictObject({}),
    answer: createdPortalKeyView,
    status: 201,
  },
];
