/** The wire of key sharing and resale. */
import { z } from 'zod';

export const RESALE_LISTED_MAX = 200;

/** `GET /control/v1/fraud/resale`: keys that seem to serve many, and contents that come through many keys, of 24 hours. */
export const resaleView = z.object({
  keys: z.array(
    z.object({
      key_id: z.string(),
      account_id: z.string(),
      requests: z.int(),
      client_classes: z.int(),
      networks: z.int(),
      countries: z.int(),
      end_users: z.int(),
      templates: z.int(),
      mix_distance: z.number().nullable(),
      hour_flatness: z.number(),
      /** `many_networks`, `many_countries`, `many_clients`, `many_end_users`, `changing_mix`, `no_night`. */
      reasons: z.array(z.string()),
    }),
  ),
  templates: z.array(z.object({ template: z.string(), keys: z.int(), requests: z.int() })),
});

export type ResaleView = z.infer<typeof resaleView>;
