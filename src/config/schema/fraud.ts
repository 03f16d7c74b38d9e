import { z } from 'zod';
import { checkPath } from '../paths.ts';
import { textThat } from './text-that.ts';

/** The section `fraud`. */
export const fraud = z
  .strictObject({
    networks_files: z
      .array(textThat(checkPath).min(1))
      .max(4)
      .default([])
      .describe(
        'Databases of networks on this machine, in the MaxMind format (GeoLite2 ASN and Country, DB-IP Lite, IPinfo Lite): who runs a network, and in which country. A relative path starts at the folder of this file.',
      ),
  })
  .prefault({})
  .describe('What is made of who signs up.');

export type FraudEntry = z.output<typeof fraud>;
