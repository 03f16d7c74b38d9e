/** What an expression comes to. `empty` is of the elements of `[]` and `{}` and goes with everything. */
export type KeyType = 'bool' | 'int' | 'string';
export type ScalarType = KeyType | 'double' | 'timestamp' | 'duration' | 'null' | 'empty';
export type Type = ScalarType | { readonly list: Type } | { readonly map: readonly [key: Type, value: Type] };

export function showType(type: Type): string {
  if (typeof type === 'string') return type;
  if ('list' in type) return `list(${showType(type.list)})`;
  return `map(${showType(type.map[0])}, ${showType(type.map[1])})`;
}

export function isNumeric(type: Type): boolean {
  return type === 'int' || type === 'double';
}

/** The type both can be taken for, or null. */
export function unify(left: Type, right: Type): Type | null {
  if (left === 'empty' || left === 'null') return right === 'empty' ? left : right;
  if (right === 'empty' || right === 'null') return left;
  if (typeof left === 'string' || typeof right === 'string') return left === right ? left : null;
  if ('list' in left) {
    const items = 'list' in right ? unify(left.list, right.list) : null;
    return items === null ? null : { list: items };
  }
  if ('list' in right) return null;
  const key = unify(left.map[0], right.map[0]);
  const value = unify(left.map[1], right.map[1]);
  return key === null || value === null ? null : { map: [key, value] };
}

/** Whether `==` between the two can ever hold: numbers compare across `int` and `double`. */
export function canEqual(left: Type, right: Type): boolean {
  if (isNumeric(left) && isNumeric(right)) return true;
  if (typeof left === 'string' || typeof right === 'string') return unify(left, right) !== null;
  if ('list' in left) return 'list' in right && canEqual(left.list, right.list);
  return 'map' in right && canEqual(left.map[0], right.map[0]) && canEqual(left.map[1], right.map[1]);
}
