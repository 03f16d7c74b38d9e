/**
 * Expected failures are values: a function that may say no returns a `Result`, and its caller must look.
 * Faults (disk, network) are thrown with `cause`; bugs are assertions.
 */
export type Result<Value, Refused> =
  | { readonly ok: true; readonly value: Value }
  | { readonly ok: false; readonly refusal: Refused };

export function ok<Value>(value: Value): { readonly ok: true; readonly value: Value } {
  return { ok: true, value };
}

export function refuse<Refused>(refusal: Refused): { readonly ok: false; readonly refusal: Refused } {
  return { ok: false, refusal };
}
