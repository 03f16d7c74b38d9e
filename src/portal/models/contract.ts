/** The portal's wire of models: which an account may use and what they cost it. */
import { z } from 'zod';
import { ratesView } from '../../ledger/prices/contract.ts';

/** `GET .../models` */
export const portalModelsView = z.object({
  data: z.array(
    z.object({
      model: z.string(),
      owned_by: z.string(),
      /** Input and output together; null when unknown. */
      context_tokens: z.number().nullable(),
      output_tokens_max: z.number().nullable(),
      /**
       * What this account pays, the plan's margin included, rounded up to a nano-dollar: nano-dollars per million tokens,
       * for an image, for a request. Several where it depends on which upstream answers, the dearest first; empty where
       * it has no price and cannot be used.
       */
      prices: z.array(ratesView),
      estimated: z.boolean(),
    }),
  ),
  /** Calls cost nothing: the account of the house. */
  free_of_charge: z.boolean(),
  /** What a first request may ask for; null where there is no model to use. */
  first_model: z.string().nullable(),
});

export type PortalModelsView = z.infer<typeof portalModelsView>;
