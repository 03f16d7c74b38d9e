/** How SCIM answers, and how it refuses: RFC 7644, sections 3.1 and 3.12. */

const TYPE = 'application/scim+json';
const ERROR_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:Error';
const LIST_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:ListResponse';
export const PATCH_SCHEMA = 'urn:ietf:params:scim:api:messages:2.0:PatchOp';

export interface ScimRefusal {
  readonly status: 400 | 401 | 403 | 404 | 405 | 409 | 413 | 429 | 500;
  /** Table 9 of RFC 7644; only with 400 and 409. */
  readonly scimType?:
    | 'invalidFilter'
    | 'tooMany'
    | 'uniqueness'
    | 'mutability'
    | 'invalidSyntax'
    | 'invalidPath'
    | 'noTarget'
    | 'invalidValue';
  readonly detail: string;
  readonly retryAfterMs?: number;
}

export function answerScim(body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): Response {
  const all = { 'content-type': TYPE, 'cache-control': 'no-store', ...headers };
  return new Response(body === null ? null : JSON.stringify(body), { status, headers: all });
}

export function refuseScim({ status, scimType, detail, retryAfterMs }: ScimRefusal): Response {
  const body = { schemas: [ERROR_SCHEMA], status: String(status), ...(scimType && { scimType }), detail };
  return answerScim(body, status, {
    ...(status === 401 && { 'www-authenticate': 'Bearer realm="scim"' }),
    ...(retryAfterMs !== undefined && { 'retry-after': String(Math.max(1, Math.ceil(retryAfterMs / 1000))) }),
  });
}

/** A page of resources, counted from 1. */
export function listOf(resources: readonly unknown[], total: number, startIndex: number): unknown {
  return {
    schemas: [LIST_SCHEMA],
    totalResults: total,
    startIndex,
    itemsPerPage: resources.length,
    Resources: resources,
  };
}
