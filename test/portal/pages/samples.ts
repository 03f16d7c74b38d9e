/** What is there to be shown: made by whoever walked in. */
interface Made {
  /** Of their first answer. */
  readonly requestId: string;
}

/** Of each page with a parameter, the address of one that shows something, or that there is nothing. */
const PARAMETERS: Readonly<Record<string, (made: Made) => string>> = {
  '/requests/$id': ({ requestId }) => `/requests/${requestId}`,
  '/standing/$id': () => '/standing/dec_of_nobody',
  '/contest/$token': () => '/contest/made-up',
};

/** Where a page of the table of contents is opened. */
export function addressOf(path: string, made: Made): string {
  if (!path.includes('$')) return path;
  const address = PARAMETERS[path];
  if (address === undefined) throw new Error(`samples.ts does not know what ${path} is to be opened with`);
  return address(made);
}
