/** What this service can do of SCIM, as RFC 7643, sections 5 to 7, has it said. */
import { listOf } from './answer.ts';

export const USER_SCHEMA = 'urn:ietf:params:scim:schemas:core:2.0:User';
/** Resources in one answer. */
export const SCIM_PAGE_MAX = 200;

/** What stands at a path of discovery; null where nothing does. */
export function discover(path: string, base: string): unknown {
  switch (path) {
    case '/ServiceProviderConfig':
      return serviceProvider(base);
    case '/ResourceTypes':
      return listOf([userType(base)], 1, 1);
    case '/ResourceTypes/User':
      return userType(base);
    case '/Schemas':
      return listOf([userSchema(base)], 1, 1);
    case `/Schemas/${USER_SCHEMA}`:
      return userSchema(base);
    default:
      return null;
  }
}

function serviceProvider(base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ServiceProviderConfig'],
    patch: { supported: true },
    bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
    filter: { supported: true, maxResults: SCIM_PAGE_MAX },
    changePassword: { supported: false },
    sort: { supported: false },
    etag: { supported: false },
    authenticationSchemes: [
      {
        type: 'oauthbearertoken',
        name: 'Bearer token',
        description: 'A token an admin of the workspace makes in the portal',
        primary: true,
      },
    ],
    meta: { resourceType: 'ServiceProviderConfig', location: `${base}/ServiceProviderConfig` },
  };
}

function userType(base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'],
    id: 'User',
    name: 'User',
    endpoint: '/Users',
    description: 'A member of the workspace',
    schema: USER_SCHEMA,
    schemaExtensions: [],
    meta: { resourceType: 'ResourceType', location: `${base}/ResourceTypes/User` },
  };
}

interface Attribute {
  readonly name: string;
  readonly type?: 'string' | 'boolean' | 'complex';
  readonly required?: boolean;
  readonly uniqueness?: 'none' | 'server';
  readonly mutability?: 'readWrite' | 'readOnly';
  readonly multiValued?: boolean;
  readonly subAttributes?: readonly Attribute[];
  readonly description: string;
}

const USER_ATTRIBUTES: readonly Attribute[] = [
  {
    name: 'userName',
    required: true,
    uniqueness: 'server',
    description: 'The mail address, under a domain the workspace has shown to be its own',
  },
  {
    name: 'name',
    type: 'complex',
    description: 'What the member is called',
    subAttributes: [
      { name: 'formatted', description: 'The whole name' },
      { name: 'givenName', description: 'The given name' },
      { name: 'familyName', description: 'The family name' },
    ],
  },
  { name: 'displayName', description: 'The name as it is shown' },
  {
    name: 'emails',
    type: 'complex',
    multiValued: true,
    description: 'One address, that of userName',
    subAttributes: [
      { name: 'value', description: 'The address' },
      { name: 'type', description: 'work' },
      { name: 'primary', type: 'boolean', description: 'true' },
    ],
  },
  { name: 'active', type: 'boolean', description: 'false cuts the member off at once; true lets them in again' },
  {
    name: 'roles',
    type: 'complex',
    multiValued: true,
    description: 'One role; ownership is never given or taken by it',
    subAttributes: [{ name: 'value', description: 'admin, developer, billing or viewer' }],
  },
];

function userSchema(base: string) {
  return {
    schemas: ['urn:ietf:params:scim:schemas:core:2.0:Schema'],
    id: USER_SCHEMA,
    name: 'User',
    description: 'A member of the workspace',
    attributes: USER_ATTRIBUTES.map(attribute),
    meta: { resourceType: 'Schema', location: `${base}/Schemas/${USER_SCHEMA}` },
  };
}

function attribute(one: Attribute): unknown {
  return {
    name: one.name,
    type: one.type ?? 'string',
    multiValued: one.multiValued ?? false,
    description: one.description,
    required: one.required ?? false,
    caseExact: false,
    mutability: one.mutability ?? 'readWrite',
    returned: 'default',
    uniqueness: one.uniqueness ?? 'none',
    ...(one.subAttributes && { subAttributes: one.subAttributes.map(attribute) }),
  };
}
