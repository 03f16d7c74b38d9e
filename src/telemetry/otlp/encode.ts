import type { DistributionFamily } from '../metrics/series.ts';

/**
 * OTLP in its JSON encoding: names in camel case, 64-bit integers as decimal strings, ids in lower-case hex.
 * Source: https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding
 */
export type AttributeValue = string | number | boolean;
export type Attributes = { readonly [name: string]: AttributeValue | null };

export interface Span {
  /** 32 hex digits. */
  readonly traceId: string;
  /** 16 hex digits. */
  readonly spanId: string;
  readonly parentSpanId: string | null;
  readonly name: string;
  readonly kind: 'server' | 'client';
  readonly startMs: number;
  readonly endMs: number;
  readonly attributes: Attributes;
  readonly failed: boolean;
  readonly link: { readonly traceId: string; readonly spanId: string } | null;
}

export interface Resource {
  readonly serviceName: string;
  readonly version: string;
  /** Tells processes of one service apart. */
  readonly instanceId: string;
}

/** A histogram and what OpenTelemetry calls it. */
export interface OtlpHistogram {
  readonly family: DistributionFamily;
  readonly unit: string;
}

const SPAN_KIND = { server: 2, client: 3 } as const;
const STATUS_ERROR = 2;
const CUMULATIVE = 2;

export function encodeSpans(spans: readonly Span[], resource: Resource): string {
  return JSON.stringify({
    resourceSpans: [
      { resource: encodeResource(resource), scopeSpans: [{ scope: scopeOf(resource), spans: spans.map(encodeSpan) }] },
    ],
  });
}

export function encodeMetrics(
  histograms: readonly OtlpHistogram[],
  resource: Resource,
  sinceMs: number,
  nowMs: number,
): string {
  const metrics = histograms.flatMap((histogram) => {
    const dataPoints = encodePoints(histogram.family, sinceMs, nowMs);
    if (dataPoints.length === 0) return [];
    const { name, help } = histogram.family.info;
    const { unit } = histogram;
    return [{ name, description: help, unit, histogram: { aggregationTemporality: CUMULATIVE, dataPoints } }];
  });
  return JSON.stringify({
    resourceMetrics: [{ resource: encodeResource(resource), scopeMetrics: [{ scope: scopeOf(resource), metrics }] }],
  });
}

function encodeSpan(span: Span): object {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId === null ? {} : { parentSpanId: span.parentSpanId }),
    name: span.name,
    kind: SPAN_KIND[span.kind],
    startTimeUnixNano: nanos(span.startMs),
    endTimeUnixNano: nanos(Math.max(span.startMs, span.endMs)),
    attributes: encodeAttributes(span.attributes),
    ...(span.link === null ? {} : { links: [span.link] }),
    status: span.failed ? { code: STATUS_ERROR } : {},
  };
}

function encodePoints(family: DistributionFamily, sinceMs: number, nowMs: number): object[] {
  return [...family.series()].map(({ values, cell }) => ({
    attributes: encodeAttributes(
      Object.fromEntries(family.info.labels.map((label, at) => [label, values[at] || null])),
    ),
    startTimeUnixNano: nanos(sinceMs),
    timeUnixNano: nanos(nowMs),
    count: String(cell.count),
    sum: cell.sum,
    bucketCounts: [...cell.counts].map(String),
    explicitBounds: family.bounds,
  }));
}

function encodeResource(resource: Resource): object {
  return {
    attributes: encodeAttributes({
      'service.name': resource.serviceName,
      'service.version': resource.version,
      'service.instance.id': resource.instanceId,
    }),
  };
}

function scopeOf(resource: Resource): object {
  return { name: 'candor', version: resource.version };
}

/** Attributes that are null have no value and are left out. */
function encodeAttributes(attributes: Attributes): object[] {
  return Object.entries(attributes).flatMap(([key, value]) =>
    value === null ? [] : [{ key, value: encodeValue(value) }],
  );
}

function encodeValue(value: AttributeValue): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  return Number.isSafeInteger(value) ? { intValue: String(value) } : { doubleValue: value };
}

/** Milliseconds since 1970 as nanoseconds, exact to the microsecond a double still holds. */
function nanos(ms: number): string {
  const whole = Math.floor(ms);
  return String(BigInt(whole) * 1_000_000n + BigInt(Math.round((ms - whole) * 1_000)) * 1_000n);
}
