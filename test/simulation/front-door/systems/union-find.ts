/** Sets that are merged and never split (Tarjan), over accounts; for the baselines. */
export interface UnionFind {
  find(id: string): string;
  union(a: string, b: string): void;
}

export function createUnionFind(): UnionFind {
  const parents = new Map<string, string>();
  const find = (id: string): string => {
    let root = id;
    for (let parent = parents.get(root); parent !== undefined; parent = parents.get(root)) root = parent;
    for (let at = id; at !== root; ) {
      const next = parents.get(at) ?? root;
      parents.set(at, root);
      at = next;
    }
    return root;
  };
  return {
    find,
    union(a, b) {
      const [one, other] = [find(a), find(b)];
      if (one !== other) parents.set(one < other ? other : one, one < other ? one : other);
    },
  };
}
