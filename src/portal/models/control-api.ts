import type { ControlRoute } from '../../http/control-api.ts';
import { portalModelsView } from './contract.ts';

export const portalModelApi: readonly ControlRoute[] = [
  {
    method: 'GET',
    path: '/portal/v1/accounts/{account}/models',
    access: 'own.account.read',
    summary: 'List the models the account may use and what they cost it',
    tag: 'models',
    answer: portalModelsView,
  },
];
