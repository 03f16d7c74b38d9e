import type { JsonObject } from '../../base/json.ts';

/** A model as callers see it. */
export interface ListedModel {
  readonly id: string;
  /** Whole seconds since 1970 UTC. */
  readonly createdSec: number;
  readonly ownedBy: string;
}

/** The body of `GET /v1/models/{model}`. */
export function encodeModel(model: ListedModel): JsonObject {
  return { id: model.id, object: 'model', created: model.createdSec, owned_by: model.ownedBy };
}

/** The body of `GET /v1/models`, which the official clients read as one page. */
export function encodeModels(models: readonly ListedModel[]): JsonObject {
  return { object: 'list', data: models.map(encodeModel) };
}
