import {
  keepPreviousData,
  QueryClient,
  type QueryKey,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { ApiFailure, apiErrorOf, type ApiError } from './api-error.ts';
import { type ApiRequest, callApi } from './client.ts';

/** Milliseconds an answer counts as new. */
const STALE_MS = 10_000;
const RETRIES_MAX = 2;

export function createQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: { queries: { staleTime: STALE_MS, retry: isWorthAnotherTry, refetchOnWindowFocus: true } },
  });
}

function isWorthAnotherTry(failures: number, error: unknown): boolean {
  const { kind } = apiErrorOf(error);
  return failures < RETRIES_MAX && (kind === 'unreachable' || kind === 'busy');
}

async function callOrThrow<Answer>(request: ApiRequest<Answer>): Promise<Answer> {
  const result = await callApi(request);
  if (result.ok) return result.value;
  throw new ApiFailure(result.refusal);
}

/** The key an answer is kept under: path first, so that `useRefresh('/control/v1/keys')` reaches all of them. */
function keyOf(request: ApiRequest<unknown>): QueryKey {
  return [request.path, request.method ?? 'GET', request.query ?? {}, request.body ?? null];
}

/** What the components need of a query; `error` is null or already an `ApiError`. */
export interface ApiState<Answer> {
  readonly data: Answer | undefined;
  readonly error: ApiError | null;
  /** The first answer is awaited. */
  readonly loading: boolean;
  /** An answer is shown and a newer one awaited. */
  readonly refreshing: boolean;
  readonly retry: () => void;
}

/** Asks and keeps asking: the answer before stays until the next one is there. */
export function useApi<Answer>(
  request: ApiRequest<Answer>,
  options: {
    readonly enabled?: boolean;
    readonly everyMs?: number;
    /** The first answer stays until `retry`: the next one would be another, such as a challenge. */
    readonly once?: boolean;
  } = {},
): ApiState<Answer> {
  const query = useQuery({
    queryKey: keyOf(request),
    queryFn: ({ signal }) => callOrThrow({ ...request, signal }),
    placeholderData: keepPreviousData,
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs ?? false,
    ...(options.once === true && { staleTime: Number.POSITIVE_INFINITY, refetchOnWindowFocus: false }),
  });
  return {
    data: query.data,
    error: query.error === null ? null : apiErrorOf(query.error),
    loading: query.isPending && query.fetchStatus !== 'idle',
    refreshing: query.isFetching && !query.isPending,
    retry: () => void query.refetch(),
  };
}

export interface ApiPages<Row> extends ApiState<readonly Row[]> {
  /** Asks for the page after the last; null when there is none. */
  readonly loadMore: (() => void) | null;
  readonly loadingMore: boolean;
}

type CursorName = 'after' | 'before' | 'cursor';

/** A list that the API gives page by page: `next` of one answer is `after` of the request for the next, or what `cursor` says. */
export function useApiPages<Row>(
  request: ApiRequest<{ readonly data: readonly Row[]; readonly next: string | null }>,
  options: { readonly enabled?: boolean; readonly everyMs?: number; readonly cursor?: CursorName } = {},
): ApiPages<Row> {
  const query = useInfiniteQuery({
    queryKey: [...keyOf(request), 'pages'],
    queryFn: ({ signal, pageParam }) =>
      callOrThrow({ ...withCursor(request, options.cursor ?? 'after', pageParam), signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    select: (pages) => pages.pages.flatMap((page) => page.data),
    enabled: options.enabled ?? true,
    refetchInterval: options.everyMs ?? false,
  });
  return {
    data: query.data,
    error: query.error === null ? null : apiErrorOf(query.error),
    loading: query.isPending && query.fetchStatus !== 'idle',
    refreshing: query.isFetching && !query.isPending && !query.isFetchingNextPage,
    retry: () => void query.refetch(),
    loadMore: query.hasNextPage ? () => void query.fetchNextPage() : null,
    loadingMore: query.isFetchingNextPage,
  };
}

/** The cursor goes where the route reads it: into the body of a question, else into the address. */
function withCursor<Answer>(request: ApiRequest<Answer>, name: CursorName, next: string | null): ApiRequest<Answer> {
  if (next === null) return request;
  if (typeof request.body !== 'object') return { ...request, query: { ...request.query, [name]: next } };
  return { ...request, body: { ...request.body, [name]: next } };
}

export interface ApiChange<Input, Answer> {
  /** Resolves to null when it failed; `error` then says why. */
  readonly run: (input: Input) => Promise<Answer | null>;
  readonly running: boolean;
  /** Of the last run; null before it, and after `reset`. */
  readonly answer: Answer | null;
  readonly error: ApiError | null;
  readonly reset: () => void;
}

/** Changes something, then has every answer under the paths in `refresh` asked for again. */
export function useApiChange<Input, Answer>(
  requestOf: (input: Input) => ApiRequest<Answer>,
  options: {
    readonly refresh?: readonly string[];
    readonly onDone?: (answer: Answer, input: Input) => void;
    readonly onError?: (error: ApiError) => void;
  } = {},
): ApiChange<Input, Answer> {
  const refresh = useRefresh();
  const mutation = useMutation({
    mutationFn: (input: Input) => callOrThrow(requestOf(input)),
    onSuccess: (answer, input) => {
      refresh(...(options.refresh ?? []));
      options.onDone?.(answer, input);
    },
    onError: (error) => options.onError?.(apiErrorOf(error)),
  });
  return {
    run: (input) => mutation.mutateAsync(input).catch(() => null),
    running: mutation.isPending,
    answer: mutation.data ?? null,
    error: mutation.error === null ? null : apiErrorOf(mutation.error),
    reset: mutation.reset,
  };
}

/** Has every answer whose path begins with one of these asked for again. */
function useRefresh(): (...paths: readonly string[]) => void {
  const client = useQueryClient();
  return (...paths) =>
    void client.invalidateQueries({
      predicate: ({ queryKey: [path] }) => typeof path === 'string' && paths.some((start) => path.startsWith(start)),
    });
}
