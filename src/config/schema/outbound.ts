import { z } from 'zod';

/** The section `outbound`. */
export const outbound = z
  .strictObject({
    internal_hosts: z
      .array(z.string().regex(/^[A-Za-z0-9.:-]{1,253}$/))
      .max(256)
      .default([])
      .describe(
        'Hosts, without port, of receivers inside your own network: webhooks, and providers of sign-ins, may have private addresses there, and speak plain HTTP. Every other is reached at public addresses over HTTPS.',
      ),
  })
  .prefault({})
  .describe('Where addresses that people enter in the console and the portal may lead.');
