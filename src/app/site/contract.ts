/** What the portal tells about the service itself, as it stands on the wire. */
import { z } from 'zod';

/** `GET /portal/v1/service` */
export const serviceView = z.object({
  /** What the operator calls it. */
  name: z.string(),
  /** Where the terms of use and the words on privacy stand; null where the operator has none. */
  terms_url: z.string().nullable(),
  privacy_url: z.string().nullable(),
  /** The names callers ask for. */
  models: z.array(z.string()),
  /** Whether mails are kept to be read at `/outbox` instead of being sent, for development. */
  outbox: z.boolean(),
});

export type ServiceView = z.infer<typeof serviceView>;
