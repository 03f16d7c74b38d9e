/** Joins a configured address and a path, adding the format's version segment unless the address names one. */
export function versionedUrl(baseUrl: string, version: string, path: string): string {
  const base = baseUrl.replace(/\/+$/, '');
  return /\/v\d[\w.]*$/.test(base) ? `${base}/${path}` : `${base}/${version}/${path}`;
}
