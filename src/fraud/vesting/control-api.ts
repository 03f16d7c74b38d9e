import type { ControlRoute } from '../../http/control-api.ts';
import {
  pinBreakerBody,
  vestingBreakerView,
  vestingClawBackBody,
  vestingLedgerView,
  vestingRestoreBody,
} from './contract.ts';

export const vestingControlApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/control/v1/accounts/{id}/vesting',
    access: 'accounts.read',
    summary: 'Show how far the sign-up credit of an account has come, tranche by tranche',
    tag: 'vesting',
    answer: vestingLedgerView,
  },
  {
    method: 'POST',
    path: '/control/v1/accounts/{id}/vesting/claw-back',
    access: 'accounts.write',
    summary: 'Take back what is unspent of the sign-up credit of an account, and release no more',
    tag: 'vesting',
    body: vestingClawBackBody,
    answer: vestingLedgerView,
  },
  {
    method: 'POST',
    path: '/control/v1/accounts/{id}/vesting/restore',
    access: 'accounts.write',
    summary: 'Undo that: give again what was taken back, and release on',
    tag: 'vesting',
    body: vestingRestoreBody,
    answer: vestingLedgerView,
  },
  {
    method: 'GET',
    path: '/control/v1/vesting/breaker',
    access: 'accounts.read',
    summary: 'Show whether accounts that never paid burn more sign-up credit than is usual',
    tag: 'vesting',
    answer: vestingBreakerView,
  },
  {
    method: 'PUT',
    path: '/control/v1/vesting/breaker',
    access: 'accounts.write',
    summary: 'Hold that breaker open or closed, or let it go by its figures',
    tag: 'vesting',
    body: pinBreakerBody,
    answer: vestingBreakerView,
  },
];
